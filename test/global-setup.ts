import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#shared/database';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers the URL of the shared Postgres, starting it for the first who asks. */
    databaseDesk: string;
  }
}

const quiet = { info: () => undefined, warn: () => undefined };

/**
 * One embedded Postgres for the whole run, started only if a test asks for a database. It trades durability
 * for speed; tests that kill things start their own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  let database: Promise<EmbeddedPostgres> | undefined;
  const desk = createServer((_request, response) => {
    database ??= startEmbeddedPostgres({
      dataDir: join(folder, 'postgres'),
      log: quiet,
      settings: { fsync: 'off', full_page_writes: 'off', max_connections: '100' },
    });
    database.then(
      ({ url }) => response.end(url),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => {
    desk.listen(0, '127.0.0.1', resolve);
  });
  const address = desk.address();
  if (address === null || typeof address === 'string') throw new Error('the test desk has no port');
  project.provide('databaseDesk', `http://127.0.0.1:${address.port}`);
  return async () => {
    desk.closeAllConnections();
    desk.close();
    await (await database?.catch(() => undefined))?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
