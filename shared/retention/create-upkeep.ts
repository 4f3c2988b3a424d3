import type { LedgerRetention } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { createRetention } from './create-retention.ts';

/** Parts of the artifacts bucket that the sweep walks through. */
export type SweptPart = 'runs/' | 'output/';

/** What this installation removes by its own rules. Every call is one short piece and says whether there is more. */
export interface Upkeep {
  /** Some runs past their time, with all that they made; runs of schedules go after a day, failed ones after a week. */
  expire(): Promise<{ readonly runs: number; readonly more: boolean }>;
  /** Goes on with what people asked to erase and a crash interrupted; some runs of one account. */
  erase(): Promise<{ readonly runs: number; readonly more: boolean }>;
  /** One page of leftovers, where the last one ended; `more` is false when the walk came to its end. */
  sweep(
    part: SweptPart,
  ): Promise<{ readonly looked: number; readonly removed: number; readonly more: boolean }>;
}

const DAY_MS = 86_400_000;
/** Runs that a piece removes at most: some seconds on a slow disk. */
const RUNS = 50;

/** @param options `keepRunsDays` undefined: finished runs stay */
export function createUpkeep(options: {
  ledger: LedgerRetention;
  store: ObjectStore;
  /** Removes what an account has in the inbox. */
  eraseInbox: (account: string) => Promise<void>;
  clock: { now(): Date };
  keepRunsDays: number | undefined;
  leftoverDays: number;
}): Upkeep {
  const { ledger, store, eraseInbox, clock, keepRunsDays, leftoverDays } = options;
  const retention = createRetention({ ledger, store, clock });
  const keepMs = keepRunsDays === undefined ? undefined : keepRunsDays * DAY_MS;
  return {
    async expire() {
      const ticks = await retention.expireTicks({ keepMs: DAY_MS, limit: RUNS });
      const old = await retention.expire({ keepMs, limit: RUNS });
      return { runs: ticks.runs + old.runs, more: ticks.more || old.more };
    },
    async erase() {
      const [asked, ...others] = (await ledger.listErasures()).filter(
        ({ finishedAt }) => finishedAt === undefined,
      );
      if (asked === undefined) return { runs: 0, more: false };
      const { account } = asked;
      await eraseInbox(account);
      const { runs, finished } = await retention.erase({ account, limit: RUNS });
      return { runs, more: finished ? others.length > 0 : runs > 0 };
    },
    async sweep(prefix) {
      const after = await ledger.sweptTo(prefix);
      const { looked, removed, next } = await retention.sweep({
        prefix,
        leftoverMs: leftoverDays * DAY_MS,
        after,
      });
      await ledger.sweepFrom({ prefix, after: next });
      // Once a round: what a put that died left half-sent.
      if (next === undefined) await store.removeUnfinished({ olderThanMs: leftoverDays * DAY_MS });
      return { looked, removed, more: next !== undefined };
    },
  };
}
