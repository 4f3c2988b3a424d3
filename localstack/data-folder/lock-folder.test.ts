import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder, readInstance } from './index.ts';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'millrace lock '));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

const script = (body: string) => `
  const { lockFolder } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
  const dataDir = ${JSON.stringify(dataDir)};
  ${body}`;

const start = (body: string) =>
  spawn(process.execPath, ['--input-type=module', '-e', script(body)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

async function killedHolder(): Promise<void> {
  const holder = start(
    `await lockFolder({ dataDir, command: 'start' }); process.stdout.write('held'); setInterval(() => {}, 1e9);`,
  );
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}

describe('lockFolder', () => {
  it('tells others where the platform answers, and refuses them', async () => {
    const lock = await lockFolder({ dataDir, command: 'start' });
    await lock.announce('http://127.0.0.1:8080');
    expect(await readInstance(dataDir)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:8080' });
    await expect(lockFolder({ dataDir, command: 'demo' })).rejects.toMatchObject({
      code: 'data-dir-in-use',
      message: expect.stringContaining('http://127.0.0.1:8080'),
    });
    await lock.release();
    expect(await readInstance(dataDir)).toBeUndefined();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('takes over what a killed process left', async () => {
    await killedHolder();
    expect(await readInstance(dataDir)).toBeUndefined();
    const lock = await lockFolder({ dataDir, command: 'start' });
    expect(await readInstance(dataDir)).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it('is not fooled by another process that got the same number', async () => {
    const lock = await lockFolder({ dataDir, command: 'start' });
    const path = join(dataDir, 'millrace.lock');
    const held = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...held, nonce: 'other', born: `${held.born}1` }));
    expect(await readInstance(dataDir)).toBeUndefined();
    await lock.release();
  });

  it.each(['', 'not json', '{"pid":-1}', '{"pid":1,"born":"","nonce":7}'])(
    'takes over a broken lock: %j',
    async (text) => {
      await writeFile(join(dataDir, 'millrace.lock'), text);
      await (await lockFolder({ dataDir, command: 'start' })).release();
      expect(await readdir(dataDir)).toEqual([]);
    },
  );

  it('gives a dead lock to exactly one of six that start at once', async () => {
    await killedHolder();
    const rivals = Array.from({ length: 6 }, () =>
      start(`try { await lockFolder({ dataDir, command: 'start' }); process.stdout.write('won'); } catch (error) {
        process.stdout.write(error.code); }
        setInterval(() => {}, 1e9);`),
    );
    const answers = await Promise.all(
      rivals.map(async (rival) => String((await once(rival.stdout, 'data'))[0])),
    );
    for (const rival of rivals) rival.kill('SIGKILL');
    expect(answers.filter((answer) => answer === 'won')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'data-dir-in-use')).toHaveLength(5);
  });
});
