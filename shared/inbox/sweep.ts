import type { Pool } from 'pg';
import type { Walks } from '#shared/ledger';
import type { ObjectInfo, ObjectStore } from '#shared/storage';
import { STAGING } from './upload-record.ts';
import type { Uploads } from './uploads.ts';

export const PAGE_SIZE = 200;
/** Longer than any upload lives: what is still half-sent then is nobody's. */
export const UNFINISHED_MS = 2 * 86_400_000;

/**
 * Walks round the bucket for ever, so many pages a minute, whatever it holds and however many processes do it: what
 * nothing reported is found, uploads that expired go, and what was noticed is forgotten once its object is gone.
 */
export function startSweep(options: {
  bucket: string;
  store: ObjectStore;
  uploads: Pick<Uploads, 'expire'>;
  pool: Pool;
  walks: Walks;
  pagesPerMinute: number;
  onObject: (object: ObjectInfo) => void;
  onForgotten: (key: string) => void;
  onError: (error: unknown) => void;
}): { page(when?: 'now' | 'in-turn'): Promise<void>; stop(): Promise<void> } {
  const { bucket, store, uploads, pool, walks, pagesPerMinute, onObject, onForgotten, onError } = options;
  const pageMs = 60_000 / pagesPerMinute;
  let rowsAfter = '';
  let running: Promise<void> = Promise.resolve();

  async function page(when: 'now' | 'in-turn' = 'now'): Promise<void> {
    const everyMs = when === 'now' ? 0 : pageMs;
    const turn = await walks.takePage({ walk: bucket, everyMs, burstMs: 0 });
    if (turn === undefined) return;
    const { objects, next } = await store.list('', {
      limit: PAGE_SIZE,
      ...(turn.after === undefined ? {} : { after: turn.after }),
    });
    await walks.walkedTo({ walk: bucket, after: next });
    const staged = new Set<string>();
    for (const object of objects) {
      const { key } = object;
      if (key.startsWith(STAGING)) staged.add(key.slice(STAGING.length).split('/')[0] ?? '');
      else onObject(object);
    }
    for (const id of staged) await uploads.expire(id);
    await forgetGone();
    // Last: where it fails, because the store does not allow it, all else is done.
    if (next === undefined) await store.removeUnfinished({ olderThanMs: UNFINISHED_MS });
  }

  async function forgetGone(): Promise<void> {
    const { rows } = await pool.query<{ key: string }>(
      'select distinct key from ledger.noticed where bucket = $1 and key > $2 order by key limit $3',
      [bucket, rowsAfter, PAGE_SIZE],
    );
    rowsAfter = rows.length < PAGE_SIZE ? '' : (rows.at(-1)?.key ?? '');
    for (const { key } of rows) {
      if ((await store.head(key)) !== undefined) continue;
      await pool.query('delete from ledger.noticed where bucket = $1 and key = $2', [bucket, key]);
      onForgotten(key);
    }
  }

  const timer = setInterval(() => {
    running = running.then(() => page('in-turn')).catch(onError);
  }, pageMs);
  return {
    page,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
