import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#shared/database';
import type { Log } from '#shared/telemetry';

const LOOK_AGAIN_MS = 500;

/**
 * Starts a database that died again, on its old port: every pool of every process knows that one. The port may be lent to
 * an outgoing connection in between, so a port that is taken is waited for.
 *
 * @throws Permanent `port-taken` after `limitMs`; the rest as `startEmbeddedPostgres`
 */
export async function restartDatabase(request: {
  folder: string;
  port: number;
  log: Log;
  limitMs?: number;
}): Promise<EmbeddedPostgres> {
  const { folder, port, log, limitMs = 60_000 } = request;
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      return await startEmbeddedPostgres({ dataDir: folder, log, port });
    } catch (error) {
      const isTaken = (error as { code?: unknown }).code === 'port-taken';
      if (!isTaken || performance.now() > until) throw error;
      log.warn({ port }, 'the port of the database is taken by another program; it is waited for');
      await sleep(LOOK_AGAIN_MS);
    }
  }
}
