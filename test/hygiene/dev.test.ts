import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../free-port.ts';
import { copyProject } from './copy-project.ts';
import { type Running, startMillrace } from './run-millrace.ts';

const LIMIT = 240_000;
let scratch = '';
let project = '';

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'millrace dev ')));
  project = join(scratch, 'mill race');
  await copyProject({
    to: project,
    wanted: (path) => !path.endsWith('.test.ts') && !path.startsWith('docs/'),
  });
}, LIMIT);

afterAll(() => rm(scratch, { recursive: true, force: true }));

function dev(name: string, port: number): Running {
  const running = startMillrace({
    words: ['dev'],
    launcher: join(project, 'bin', 'millrace.mjs'),
    folder: scratch,
    environment: { PORT: String(port), DATA_DIR: join(scratch, name), RATE_LIMIT: '10000' },
  });
  onTestFinished(async () => {
    running.child.kill('SIGTERM');
    await running.ended;
  });
  return running;
}

/** Answers HTTP as the platform's first owner. */
async function asked(url: string, name: string, path: string, body?: unknown) {
  const token = (await readFile(join(scratch, name, 'token'), 'utf8')).trim();
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as { id: string; status: string };
}

const postgresOf = async (name: string) =>
  (await readFile(join(scratch, name, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0];
const lanePattern = (lane: string) => new RegExp(`lane ${lane} runs \\(process (\\d+)\\)`, 'g');
const inProject = (path: string) => join(project, path);

describe('millrace dev', () => {
  it(
    'replaces only the lane whose function changed, and the run in flight is finished by the new one',
    async () => {
      const running = dev('data', 0);
      const [, url = ''] = await running.said(/is ready at (\S+)/);
      const { id } = await asked(url, 'data', '/api/pipelines', {
        topic: 'Bees',
        size: '320x180',
        seconds: 30,
      });
      await running.said(/lane ffmpeg runs/);
      const postgres = await postgresOf('data');
      const before = await running.said(
        /lane cpu runs \(process (\d+)\)[\s\S]*lane ffmpeg runs \(process (\d+)\)/,
      );

      await appendFile(inProject('functions/video/render-scene/function.ts'), '\n// changed\n');
      await running.said(/Changed: functions\/video\/render-scene\/function\.ts\n/);
      const [all] = await running.said(/starts anew: lane ffmpeg[\s\S]*lane ffmpeg runs \(process \d+\)/);
      const pids = [...all.matchAll(lanePattern('ffmpeg'))].map(([, pid]) => Number(pid));
      expect(pids.at(-1)).not.toBe(Number(before[2]));
      expect(() => process.kill(Number(before[2]), 0)).toThrow('ESRCH');
      expect(process.kill(Number(before[1]), 0)).toBe(true);
      expect(all.match(/starts anew: lane cpu/)).toBeNull();

      let status = 'running';
      while (status === 'running' || status === 'queued') {
        await sleep(300);
        ({ status } = await asked(url, 'data', `/api/pipelines/${id}`));
      }
      expect(status).toBe('completed');
      expect(await postgresOf('data')).toBe(postgres);

      // Half-written code replaces nothing.
      const path = inProject('functions/video/place-video/function.ts');
      const good = await readFile(path, 'utf8');
      await writeFile(path, `${good}\nconst half = ;\n`);
      await running.complained(/Nothing was replaced, because it does not load:\n[\s\S]*place-video/);
      await writeFile(path, good);

      // The front door lives in the platform's process: all of it but the database starts anew.
      await appendFile(inProject('functions/ingress/create-ingress.ts'), '\n// changed\n');
      await running.said(/the platform and its lanes; the database goes on[\s\S]*is ready at \S+ /);
      expect(await postgresOf('data')).toBe(postgres);
    },
    LIMIT,
  );

  it(
    'frees the port that its own killed process left, and names who holds it otherwise',
    async () => {
      const port = await freePort();
      const first = dev('left', port);
      const [, pid] = await first.said(/is ready at \S+ \(\S+ s, process (\d+)\)/);
      // One that hangs does not notice that its parent has died.
      process.kill(Number(pid), 'SIGSTOP');
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const again = dev('left', port);
      await again.said(new RegExp(`Ended process ${pid}, which an earlier "millrace dev" had left`));
      await again.said(/is ready at/);

      const other = await dev('other', port).ended;
      expect(other.code).toBe(1);
      expect(other.err).toMatch(new RegExp(`Port ${port} is taken by process \\d+`));
      expect(other.err).toContain(`PORT=${port + 1} npm`);
    },
    LIMIT,
  );
});
