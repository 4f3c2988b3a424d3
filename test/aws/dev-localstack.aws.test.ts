import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { copyProject } from '../hygiene/copy-project.ts';
import { type Running, startMillrace } from '../hygiene/run-millrace.ts';

/** A copy: a file that somebody changes meanwhile must not start it anew. */
let scratch: string;
let launcher: string;
beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'millrace dev on S3 ')));
  const project = join(scratch, 'mill race');
  await copyProject({
    to: project,
    wanted: (path) => !path.endsWith('.test.ts') && !path.startsWith('docs/'),
  });
  launcher = join(project, 'bin', 'millrace.mjs');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function start(): Promise<{ running: Running; endpoint: string; made: number; url: string }> {
  const running = startMillrace({
    words: ['dev', '--localstack'],
    launcher,
    folder: scratch,
    environment: { PORT: String(await freePort()), DATA_DIR: join(scratch, 'data') },
  });
  onTestFinished(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
  });
  const [, endpoint = '', made] = await running.said(/S3 and SQS at (\S+): (\d+) made/);
  const [, url = ''] = await running.said(/ready at (\S+)/);
  return { running, endpoint, made: Number(made), url };
}

const isThere = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  );

it('one command: MiniStack started, buckets and queues made, the platform on them; Ctrl-C ends all; again, and nothing is to make', {
  timeout: 180_000,
}, async () => {
  const first = await start();
  expect(first.made).toBeGreaterThan(10);
  expect(await isThere(`${first.url}/ready`)).toBe(true);
  first.running.child.kill('SIGINT');
  expect(await first.running.ended).toMatchObject({ code: 0 });
  expect(await isThere(`${first.endpoint}/_ministack/health`)).toBe(false);
  const second = await start();
  expect(second.made).toBe(0);
  expect(await isThere(`${second.url}/ready`)).toBe(true);
});

it('says what to do where there is no Python', async () => {
  const running = startMillrace({
    words: ['dev', '--localstack'],
    launcher,
    folder: scratch,
    environment: { PATH: join(scratch, 'nothing'), DATA_DIR: join(scratch, 'none') },
  });
  const { code, err } = await running.ended;
  expect(code).toBe(1);
  expect(err).toContain('There is no Python 3.10');
  expect(err).toContain('docker compose');
});
