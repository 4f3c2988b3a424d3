import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '#shared/database';
import { createLog } from '#shared/telemetry';
import { restartDatabase } from './restart-database.ts';

const log = createLog({ service: 'test', destination: { write: () => undefined } });
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace restart '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Dies, and its port is taken by somebody else before it is started again. */
async function stolenPort() {
  const dataDir = join(folder, 'postgres');
  const first = await startEmbeddedPostgres({ dataDir, log });
  await first.stop();
  const thief = createServer().listen(first.port, '127.0.0.1');
  await once(thief, 'listening');
  return { dataDir, port: first.port, thief };
}

it('waits for its port while another program has it', async () => {
  const { dataDir, port, thief } = await stolenPort();
  const restarted = restartDatabase({ folder: dataDir, port, log });
  setTimeout(() => thief.close(), 1_500);
  const again = await restarted;
  expect(again.port).toBe(port);
  await again.stop();
});

it('says that the port is taken when it stays so', async () => {
  const { dataDir, port, thief } = await stolenPort();
  await expect(restartDatabase({ folder: dataDir, port, log, limitMs: 1_000 })).rejects.toMatchObject({
    code: 'port-taken',
  });
  thief.close();
});
