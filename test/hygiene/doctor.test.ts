import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../database.ts';
import { startMillrace } from './run-millrace.ts';

interface Finding {
  readonly subject: string;
  readonly state: 'fit' | 'advice' | 'fault';
  readonly says: string;
  readonly remedy?: string;
}

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace doctor's "));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const doctor = (environment: Record<string, string> = {}, ...words: string[]) =>
  startMillrace({
    words: ['doctor', ...words],
    folder,
    environment: { PORT: '0', ...environment },
  }).ended;

async function findings(environment: Record<string, string> = {}) {
  const { code, out } = await doctor(environment, '--json');
  const answer: { fit: boolean; findings: Finding[] } = JSON.parse(out);
  expect(answer.fit).toBe(code === 0);
  return { code, of: (subject: string) => answer.findings.filter((one) => one.subject === subject) };
}

describe('millrace doctor', () => {
  it('finds a machine fit that Millrace starts on, and leaves no trace', async () => {
    const { code, out, err } = await doctor();
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/ok +ffmpeg +FFmpeg /);
    expect(out).toMatch(/ok +database +the embedded Postgres \d+/);
    expect(out).toContain('Nothing stands in the way.');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says of every fault what to do, all at once, and exits with 1', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, out } = await doctor({ PORT: String(port), FFMPEG_BIN: '/nowhere/ffmpeg' });
    expect(code).toBe(1);
    expect(out).toMatch(/FAULT +ffmpeg .*\/nowhere\/ffmpeg/);
    expect(out).toMatch(/→ .*PORT=\d+ npm start/);
    expect(out).toContain('2 faults to mend');
  });

  it('names wrong variables instead of looking further', async () => {
    const { code, of } = await findings({ PORT: 'eighty' });
    expect(code).toBe(1);
    expect(of('configuration')[0]?.says).toContain('PORT="eighty"');
  });

  it('finds secrets that others can read', async () => {
    const path = join(folder, 'data', 'token');
    await startMillrace({ words: ['token', '--owner', 'alice'], folder }).ended;
    expect((await findings()).of('secrets')).toMatchObject([{ state: 'fit' }]);
    await writeFile(path, 'a token');
    await chmod(path, 0o644);
    const { code, of } = await findings();
    expect(code).toBe(1);
    expect(of('secrets')).toMatchObject([{ state: 'fault', remedy: `chmod 600 '${path}'` }]);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
  });

  it('asks an outside database for its version, its migrations and its clock', async () => {
    const { url, drop } = await createTestDatabase();
    onTestFinished(drop);
    const { code, of } = await findings({ DATABASE_URL: url });
    expect(of('database').map(({ state }) => state)).toEqual(['fit', 'advice', 'fit']);
    expect(of('database')[0]?.says).toMatch(/Postgres \d+/);
    expect(of('database')[1]?.says).toContain('0001-');
    expect(code).toBe(0);
  });

  it.each([
    ['nobody answers', 'postgres://me:hush-hush@127.0.0.1:1/mill'],
    ['nobody has that name', 'postgres://me:hush-hush@nowhere.invalid/mill'],
  ])('says so where %s, and keeps the password to itself', async (_, url) => {
    const { code, out } = await doctor({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(out).toMatch(/FAULT +database/);
    expect(out).not.toContain('hush-hush');
  });

  it('looks at the platform that runs, and at what one left that was killed', async () => {
    const running = startMillrace({
      words: ['start'],
      folder,
      environment: { PORT: '0', LOG_LEVEL: 'silent' },
    });
    const [, url] = await running.said(/is ready at (\S+)/);
    const during = await findings();
    expect(during.of('platform')[0]).toMatchObject({
      state: 'fit',
      says: expect.stringContaining(url ?? ''),
    });
    expect(during.of('database').map(({ state }) => state)).toEqual(['fit', 'fit', 'fit']);
    expect(during.code).toBe(0);
    running.child.kill('SIGKILL');
    await running.ended;
    const after = await findings();
    expect(after.of('leftovers')[0]).toMatchObject({
      state: 'advice',
      says: expect.stringContaining('lock'),
    });
    expect(after.code).toBe(0);
  }, 120_000);
});
