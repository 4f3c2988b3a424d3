import type { PeopleErasure } from '#shared/erasure';
import { reach } from '#shared/faults';
import type { LedgerRetention, RemovedRun } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';

/** Every method does one bounded piece and says whether there is more; interrupted, it goes on where it was. */
export interface Retention {
  /** Runs settled longer ago than `keepMs` go with artifacts and products; undefined keeps all. */
  expire(request: { keepMs: number | undefined; limit: number }): Promise<{ runs: number; more: boolean }>;
  /** Commands that ended well longer ago than `keepMs`, and those that did not seven times as long ago. */
  expireCommands(request: { keepMs: number; limit: number }): Promise<{ runs: number; more: boolean }>;
  /** Runs of schedules that completed longer ago than `keepMs`, and those that failed seven times as long ago. */
  expireTicks(request: { keepMs: number; limit: number }): Promise<{ runs: number; more: boolean }>;
  /**
   * Looks at one page of the artifacts bucket and removes what no row names, no attempt can commit any more, and has
   * lain for `leftoverMs`; in a dry run it only says what that is. `next` is where the next page begins; absent at the end.
   */
  sweep(request: {
    leftoverMs: number;
    after?: string | undefined;
    mode?: 'remove' | 'dry-run';
  }): Promise<{ looked: number; leftovers: readonly string[]; next?: string }>;
  /**
   * A piece of what an account left: if it ended, of its rows; then some of its runs, cancelled first where they run.
   * Objects go before their rows: what a crash interrupts is found again by the next call. `moved` is false where it must
   * wait, for work that is being cancelled.
   */
  erase(request: {
    account: string;
    limit: number;
  }): Promise<{ runs: number; moved: boolean; finished: boolean }>;
}

const PAGE = 500;

export function createRetention(options: {
  ledger: LedgerRetention;
  people: PeopleErasure;
  store: ObjectStore;
  clock: { now(): Date };
}): Retention {
  const { ledger, people, store, clock } = options;
  return {
    async expire({ keepMs, limit }) {
      await ledger.forget({ limit: 1_000 });
      if (keepMs === undefined) return { runs: 0, more: false };
      return removeFrom(store, await ledger.removeExpired({ olderThanMs: keepMs, limit }), limit);
    },
    async expireCommands({ keepMs, limit }) {
      const runs = await ledger.removeCommands({ olderThanMs: keepMs, limit });
      return { runs, more: runs === limit };
    },
    async expireTicks({ keepMs, limit }) {
      return removeFrom(store, await ledger.removeTicks({ olderThanMs: keepMs, limit }), limit);
    },
    async sweep({ leftoverMs, after, mode = 'remove' }) {
      // Listed first, asked afterwards: what was committed in between is in the answer.
      const page = await store.list('', { limit: PAGE, ...(after === undefined ? {} : { after }) });
      const before = clock.now().getTime() - leftoverMs;
      const old = page.objects.filter(({ modifiedAt }) => modifiedAt.getTime() < before);
      const leftovers = old.length === 0 ? [] : await ledger.leftovers(old.map(({ key }) => key));
      if (mode === 'remove') {
        if (leftovers.length > 0) await reach('sweep.removing');
        for (const key of leftovers) await store.remove(key);
      }
      const next = page.next === undefined ? {} : { next: page.next };
      return { looked: page.objects.length, leftovers, ...next };
    },
    async erase({ account, limit }) {
      const { more } = await people.erase({ account });
      if (more) return { runs: 0, moved: true, finished: false };
      const doomed = await ledger.doomedRuns({ account, limit });
      for (const { run, keys } of doomed) {
        for (const key of keys) await store.remove(key);
        for (const prefix of [`output/${run}/`, `runs/${run}/`]) await removeAll(store, prefix);
      }
      if (doomed.length > 0) await reach('erase.emptied');
      const runs = doomed.map(({ run }) => run);
      // Nothing of his runs any more, so nothing comes after it; and before the end is recorded, so that it is gone on with.
      if (runs.length === 0) await removeAll(store, `pictures/${account}/`);
      const { removed, finished } = await ledger.eraseRuns({ account, runs });
      return { runs: removed, moved: removed > 0, finished };
    },
  };
}

async function removeFrom(store: ObjectStore, removed: readonly RemovedRun[], limit: number) {
  if (removed.length > 0) await reach('expire.removed');
  for (const run of removed) await removeObjects(store, run);
  return { runs: removed.length, more: removed.length === limit };
}

/** The rows are gone already: what a crash leaves here is found by the sweep. */
async function removeObjects(store: ObjectStore, { run, keys, hasForks }: RemovedRun): Promise<void> {
  for (const key of keys) await store.remove(key);
  for (const prefix of [`output/${run}/`, ...(hasForks ? [] : [`runs/${run}/input/`])])
    await removeAll(store, prefix);
}

async function removeAll(store: ObjectStore, prefix: string): Promise<void> {
  let after: string | undefined;
  do {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    for (const { key } of page.objects) await store.remove(key);
    after = page.next;
  } while (after !== undefined);
}
