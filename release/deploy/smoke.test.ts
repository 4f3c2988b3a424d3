import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { Transient } from '#shared/errors';
import { createReceiver, runJob } from '#shared/host';
import { serve } from '#shared/http';
import { createLog } from '#shared/telemetry';
import { smokeEvent, smokeScript } from './smoke.ts';

const log = createLog({ service: 'smoke', level: 'silent' });
const NOWHERE = '00000000-0000-8000-a000-000000000000';

/** Runs the script as the container would, beside the receiver of a real host. */
async function ask(take: (delivery: string) => Promise<'not-due'>): Promise<void> {
  const receiver = createReceiver({
    host: { take },
    metrics: { contentType: 'text/plain', text: () => Promise.resolve('') },
    health: () => Promise.resolve(),
  });
  const server = await serve(receiver, { port: 0, hostname: '127.0.0.1', log });
  try {
    const script = smokeScript({ name: 'alpha', url: `http://127.0.0.1:${server.port}/` });
    await promisify(execFile)(process.execPath, ['--eval', script], { timeout: 20_000 });
  } finally {
    await server.close({ graceMs: 0 });
  }
}

it('a host takes it as a wake-up, and finds nothing', async () => {
  const taken: string[] = [];
  await ask(async (delivery) => {
    taken.push(delivery);
    return 'not-due';
  });
  expect(taken).toEqual([NOWHERE]);
});

it('fails, saying why, where the host does not reach its ledger', async () => {
  const asked = ask(() => Promise.reject(new Transient('ledger-unreachable', 'connect ECONNREFUSED')));
  await expect(asked).rejects.toThrow(/503/);
});

it('a Job takes it as a wake-up too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-smoke-'));
  const path = join(folder, 'event');
  await writeFile(path, JSON.stringify(smokeEvent('alpha')));
  expect(await runJob({ path, host: { take: async () => 'not-due' }, log })).toBe(0);
  await rm(folder, { recursive: true });
});
