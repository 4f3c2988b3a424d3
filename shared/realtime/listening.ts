import pg from 'pg';
import type { Log } from '#shared/telemetry';

const RECONNECT_MS = 1_000;
const CONNECT_MS = 10_000;

/** The one session of a process that hears the database's notices. */
export interface Listening {
  /** Begins where it has not; settles after the first attempt, failed or not. */
  begin(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Listens on a session that no pooler shares; a lost one is made anew.
 *
 * @param url of the database itself
 * @param onBegun called whenever listening begins: what was told before was not heard
 */
export function createListening(options: {
  url: string;
  channels: readonly string[];
  log: Log;
  onNotice: (channel: string, text: string) => void;
  onBegun: () => void;
}): Listening {
  const { url, channels, log, onNotice, onBegun } = options;
  let client: pg.Client | undefined;
  let begun: Promise<void> | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'millrace realtime',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
    });
    fresh.on('notification', ({ channel, payload = '' }) => onNotice(channel, payload));
    // Its end is told too.
    fresh.on('error', () => undefined);
    fresh.on('end', () => {
      if (client !== fresh) return;
      client = undefined;
      again();
    });
    try {
      await fresh.connect();
      await fresh.query(channels.map((channel) => `listen ${channel}`).join(';'));
    } catch (error) {
      void fresh.end().catch(() => undefined);
      throw error;
    }
    if (isClosed) return await fresh.end();
    client = fresh;
    onBegun();
  }

  async function attempt(): Promise<void> {
    try {
      await connect();
    } catch (error) {
      log.warn({ error }, 'cannot listen to what people are told; trying again');
      again();
    }
  }

  function again(): void {
    if (isClosed) return;
    timer = setTimeout(() => void attempt(), RECONNECT_MS).unref();
  }

  return {
    async begin() {
      begun ??= attempt();
      await begun;
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await begun;
      await client?.end();
    },
  };
}
