import pg from 'pg';
import type { Pool } from '#shared/database';
import { reach } from '#shared/faults';
import type { Transport } from '../transport.ts';
import { coalesce } from './coalesce.ts';

const CHANNEL = 'millrace_wake';
/** It waits for no disk: a wake-up is worth nothing after a crash. */
const NOTIFY = `select set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', lane) from unnest($1::text[]) as lane`;
const COALESCE_MS = 5;
const RECONNECT_MS = 1_000;

/**
 * Wake-ups by NOTIFY. Listening needs a connection of its own that no pooler shares (`url` is the direct one);
 * a lost connection is made anew, and what was missed meanwhile the slow poll of every host finds.
 */
export function createPostgresTransport(options: {
  pool: Pool;
  url: string;
  log: { warn(fields: object, message: string): void };
}): Transport {
  const { pool, url, log } = options;
  const listeners: { onWake: (lane: string) => void; lanes?: readonly string[] | undefined }[] = [];
  let client: pg.Client | undefined;
  let isClosed = false;

  const notifier = coalesce((lanes) => {
    void reach('notify.sending');
    pool.query({ name: 'notify', text: NOTIFY, values: [[...lanes]] }).catch((error) => {
      if (!isClosed)
        log.warn({ error, lanes }, 'a wake-up could not be sent; the slow poll will find the work');
    });
  }, COALESCE_MS);

  const tell = (lane: string): void => {
    for (const { onWake, lanes } of listeners) if (lanes?.includes(lane) ?? true) onWake(lane);
  };

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'millrace listen',
      keepAlive: true,
    });
    fresh.on('notification', ({ payload }) => tell(payload ?? ''));
    fresh.on('error', () => undefined);
    fresh.on('end', () => {
      if (client === fresh && !isClosed) reconnect();
    });
    await fresh.connect();
    await fresh.query(`listen ${CHANNEL}`);
    // Closed while it was on its way: left open, it would keep its process.
    if (isClosed) return await fresh.end();
    client = fresh;
  }

  function reconnect(): void {
    client = undefined;
    setTimeout(() => {
      if (isClosed) return;
      connect().catch((error) => {
        log.warn({ error }, 'cannot listen for wake-ups; trying again');
        reconnect();
      });
    }, RECONNECT_MS).unref();
  }

  return {
    send(lanes) {
      if (lanes.length === 0 || isClosed) return;
      for (const lane of lanes) tell(lane);
      notifier.add(lanes);
    },
    async listen(onWake, { lanes } = {}) {
      listeners.push({ onWake, lanes });
      if (client === undefined) await connect();
    },
    async close() {
      isClosed = true;
      notifier.stop();
      await client?.end();
    },
  };
}
