import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool } from '#shared/database';
import type { Log } from '#shared/telemetry';
import { HEARD_CHANNEL } from './channels.ts';

/** Whom the work that is under way tells something, where somebody sends notices for it. */
const workUnderWay = new AsyncLocalStorage<Work>();

interface Work {
  readonly hearers: Set<string>;
  /** What it left running tells for itself. */
  isDone: boolean;
}

/** A notice has room for 8,000 bytes. */
const ACCOUNTS_A_NOTICE = 200;
const NOTIFY = 'select pg_notify($1, page) from unnest($2::text[]) as page';

/**
 * Sends notices after commits: Postgres commits transactions that notify one after the other, and each waits for the disk.
 * Whoever publishes outside of it notifies in his transaction.
 */
export interface Notices {
  /** Does some work with a transaction in it, then wakes those whom it told something. */
  after<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Leaves it to {@link Notices} to wake them; false where the transaction itself must. */
export function isLeftToNotices(accounts: readonly string[]): boolean {
  const work = workUnderWay.getStore();
  if (work === undefined || work.isDone) return false;
  for (const account of accounts) work.hearers.add(account);
  return true;
}

export function createNotices({ pool, log }: { pool: Pool; log: Log }): Notices {
  const waiting = new Set<string>();
  let isSending = false;

  /** One notice at a time: the busier it is, the more each names. */
  async function send(): Promise<void> {
    isSending = true;
    while (waiting.size > 0) {
      const accounts = [...waiting];
      waiting.clear();
      const pages = Array.from({ length: Math.ceil(accounts.length / ACCOUNTS_A_NOTICE) }, (_, page) =>
        accounts.slice(page * ACCOUNTS_A_NOTICE, (page + 1) * ACCOUNTS_A_NOTICE).join(','),
      );
      await pool.query({ name: 'realtime-notify', text: NOTIFY, values: [HEARD_CHANNEL, pages] });
    }
  }

  return {
    async after(work) {
      const own: Work = { hearers: new Set(), isDone: false };
      try {
        return await workUnderWay.run(own, work);
      } finally {
        own.isDone = true;
        // Also where it failed: whether it was committed may be unknown, and a notice too many costs a look.
        for (const account of own.hearers) waiting.add(account);
        if (waiting.size > 0 && !isSending)
          send()
            .catch((error: unknown) =>
              log.warn({ error }, 'people could not be woken; the next look finds it'),
            )
            .finally(() => {
              isSending = false;
            });
      }
    },
  };
}
