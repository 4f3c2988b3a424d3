import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyProject } from './copy-project.ts';
import { type RunOptions, startMillrace } from './run-millrace.ts';

/** `nobody`, where the tests run as root; else whoever runs them. */
const ordinaryUser = process.getuid?.() === 0 ? 65_534 : undefined;
const LIMIT = 120_000;

let scratch = '';
let project = '';

/** The project as another person would have it: in a folder with spaces, called from a third one, not as root. */
beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'millrace start ')));
  await chmod(scratch, 0o755);
  project = join(scratch, 'my projects', 'mill race');
  const wanted = (path: string) => !path.endsWith('.test.ts') && !path.startsWith('docs/');
  await copyProject({ to: project, wanted });
  await mkdir(join(scratch, 'elsewhere'));
  if (ordinaryUser !== undefined) await chown(join(scratch, 'elsewhere'), ordinaryUser, ordinaryUser);
}, LIMIT);

afterAll(() => rm(scratch, { recursive: true, force: true }));

const start = (options: Partial<RunOptions> = {}) =>
  startMillrace({
    words: ['start'],
    folder: join(scratch, 'elsewhere'),
    launcher: join(project, 'bin', 'millrace.mjs'),
    environment: { PORT: '0', LOG_LEVEL: 'warn' },
    ...(ordinaryUser === undefined ? {} : { user: ordinaryUser }),
    ...options,
  });

const dataDir = () => join(scratch, 'elsewhere', 'data');

describe('millrace start', () => {
  it(
    'runs from any folder, with spaces in its path, as an ordinary user, and drains on Ctrl-C',
    async () => {
      const running = start();
      const [, url] = await running.said(/is ready at (\S+)/);
      expect((await fetch(`${url}/health`)).ok).toBe(true);
      const token = (await readFile(join(dataDir(), 'token'), 'utf8')).trim();
      expect((await stat(join(dataDir(), 'token'))).mode & 0o777).toBe(0o600);
      const answer = await fetch(`${url}/api/pipelines`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);

      const second = await start({ words: ['start'] }).ended;
      expect(second.code).toBe(1);
      expect(second.err).toContain(`process ${running.child.pid}`);
      expect(second.err).toContain('DATA_DIR=./data2');

      running.child.kill('SIGINT');
      const { code, out, err } = await running.ended;
      expect(err).toBe(
        '\nStopping. Steps that run now are taken up at the next start. Ctrl-C again stops at once.\n',
      );
      expect(out).toContain('Stopped.');
      expect(out).not.toContain(token);
      expect(code).toBe(0);
      expect(await readdir(dataDir())).not.toContain('millrace.lock');
      expect(await processesOf(dataDir())).toEqual([]);
    },
    LIMIT,
  );

  it(
    'starts again after kill -9, with the same token',
    async () => {
      const first = start();
      await first.said(/is ready at (\S+)/);
      const token = await readFile(join(dataDir(), 'token'), 'utf8');
      first.child.kill('SIGKILL');
      await first.ended;
      const again = start();
      const [, url] = await again.said(/is ready at (\S+)/);
      expect((await fetch(`${url}/ready`)).ok).toBe(true);
      expect(await readFile(join(dataDir(), 'token'), 'utf8')).toBe(token);
      again.child.kill('SIGTERM');
      expect((await again.ended).code).toBe(0);
      expect(await processesOf(dataDir())).toEqual([]);
    },
    LIMIT,
  );
});

/** Command lines of processes that work on the folder. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'args'], { maxBuffer: 2 ** 24 });
  return stdout.split('\n').filter((line) => line.includes(folder));
}
