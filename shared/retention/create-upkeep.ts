import type { PeopleErasure } from '#shared/erasure';
import type { LedgerRetention } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { createRetention } from './create-retention.ts';

/** What this installation removes by its own rules. Every call is one short piece and says whether there is more. */
export interface Upkeep {
  /**
   * Some runs past their time, with all that they made; commands and runs of schedules go after a day, failed ones after
   * a week.
   */
  expire(): Promise<{ readonly runs: number; readonly more: boolean }>;
  /** Goes on with what people asked to erase and a crash interrupted: a piece of one account, or of what all have left. */
  erase(): Promise<{ readonly runs: number; readonly more: boolean }>;
  /**
   * The next page of the walk round the artifacts bucket: leftovers go. `more` is false at the end of a round, and once
   * the pages of the time since the last call are used up: the walk costs as much with ten times as many objects.
   */
  sweep(): Promise<{ readonly looked: number; readonly removed: number; readonly more: boolean }>;
}

const DAY_MS = 86_400_000;
/** Runs that a piece removes at most: some seconds on a slow disk. */
const RUNS = 50;
/** They have no files, and there are many of them. */
const COMMANDS = 2_000;
/** Who sweeps comes once an hour, and then looks at the pages of the hour. */
const HOUR_MS = 3_600_000;
const WALK = 'artifacts';

/** @param options `keepRunsDays` undefined: finished runs stay */
export function createUpkeep(options: {
  ledger: LedgerRetention;
  people: PeopleErasure;
  store: ObjectStore;
  /** Removes what an account has in the inbox. */
  eraseInbox: (account: string) => Promise<void>;
  clock: { now(): Date };
  keepRunsDays: number | undefined;
  leftoverDays: number;
  /** Of the artifacts bucket, looked at for leftovers. */
  sweepPagesPerMinute: number;
}): Upkeep {
  const { ledger, people, store, eraseInbox, clock, keepRunsDays, leftoverDays, sweepPagesPerMinute } =
    options;
  const retention = createRetention({ ledger, people, store, clock });
  const keepMs = keepRunsDays === undefined ? undefined : keepRunsDays * DAY_MS;
  const leftoverMs = leftoverDays * DAY_MS;
  return {
    async expire() {
      const ticks = await retention.expireTicks({ keepMs: DAY_MS, limit: RUNS });
      const commands = await retention.expireCommands({ keepMs: DAY_MS, limit: COMMANDS });
      const old = await retention.expire({ keepMs, limit: RUNS });
      return {
        runs: ticks.runs + commands.runs + old.runs,
        more: ticks.more || commands.more || old.more,
      };
    },
    async erase() {
      const [asked] = (await ledger.listErasures()).filter(({ finishedAt }) => finishedAt === undefined);
      if (asked === undefined) return { runs: 0, ...(await people.clear()) };
      const { account } = asked;
      await eraseInbox(account);
      const { runs, moved, finished } = await retention.erase({ account, limit: RUNS });
      return { runs, more: finished || moved || (await people.clear()).more };
    },
    async sweep() {
      const turn = await ledger.takePage({
        walk: WALK,
        everyMs: 60_000 / sweepPagesPerMinute,
        burstMs: HOUR_MS,
      });
      if (turn === undefined) return { looked: 0, removed: 0, more: false };
      const { looked, leftovers, next } = await retention.sweep({ leftoverMs, after: turn.after });
      await ledger.walkedTo({ walk: WALK, after: next });
      // Once a round: what a put that died left half-sent.
      if (next === undefined) await store.removeUnfinished({ olderThanMs: leftoverMs });
      return { looked, removed: leftovers.length, more: next !== undefined };
    },
  };
}
