import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontDoor, openFrontDoor } from '../../functions/ingress/testing/front-door.ts';

/** What somebody can do who may write into the inbox's folder: nothing but have his own texts made into videos. */
const secret = 'TOP SECRET: this lies outside the inbox and is nobody’s script.';
const text = 'An octopus has three hearts.';
let door: FrontDoor;
let outside: string;
beforeAll(async () => {
  door = await openFrontDoor();
  outside = join(door.inboxFolder, '..', 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret.md'), secret);
  await mkdir(join(door.inboxFolder, 'scripts/mallory'), { recursive: true });
});
afterAll(() => door.close());

const at = (name: string) => join(door.inboxFolder, 'scripts/mallory', name);
/** Whatever the watch missed is found by the sweep, which is not waited for here. */
const titles = async () => {
  await door.inbox.sweep();
  const { runs } = await door.options.ledger.listRuns({ owner: 'mallory', flow: 'dropped-video', limit: 50 });
  return runs.map(({ title }) => title).sort();
};

/** All that was copied out of the inbox. */
async function copies(): Promise<string[]> {
  const { objects } = await door.artifacts.list('runs/');
  return await Promise.all(
    objects.map(async ({ key }) => (await buffer(await door.artifacts.get(key))).toString()),
  );
}

test('a file that is a link in every other moment is read as what it is, or not at all', {
  timeout: 60_000,
}, async () => {
  const until = performance.now() + 2_500;
  for (let turn = 0; performance.now() < until; turn += 1) {
    if (turn % 2 === 0) await symlink(join(outside, 'secret.md'), at('next'));
    else await writeFile(at('next'), text);
    await rename(at('next'), at('race.md'));
    if (turn % 20 === 0) await door.inbox.sweep();
  }
  await rm(at('race.md'));
  await writeFile(at('race.md'), text);
  await expect.poll(titles, { timeout: 20_000 }).toContain('race');
  for (const copy of await copies()) expect(copy).not.toContain('TOP SECRET');
});

test('a folder that is a link in every other moment leads nowhere', { timeout: 60_000 }, async () => {
  const folder = at('../eve');
  const until = performance.now() + 2_000;
  await writeFile(join(outside, 'script.md'), secret);
  for (let turn = 0; performance.now() < until; turn += 1) {
    await rm(folder, { recursive: true, force: true });
    if (turn % 2 === 0) await symlink(outside, folder);
    else {
      await mkdir(folder);
      await writeFile(join(folder, 'script.md'), text);
    }
    if (turn % 20 === 0) await door.inbox.sweep();
    await new Promise((resolve) => setTimeout(resolve, turn % 7));
  }
  for (const copy of await copies()) expect(copy).not.toContain('TOP SECRET');
  expect(await readFile(join(outside, 'script.md'), 'utf8')).toBe(secret);
});

describe('what is no file, and names of all kinds', () => {
  test('are refused or taken by their bytes, and never reach another place', {
    timeout: 120_000,
  }, async () => {
    const socket = createServer().listen(at('socket.md'));
    execFileSync('mkfifo', [at('pipe.md')]);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) tried(() => execFileSync('mknod', [at('device.md'), 'c', '1', '5'], { stdio: 'ignore' }));
    await symlink('/dev/zero', at('zero.md'));
    await symlink(at('loop.md'), at('loop.md'));
    const good = ['-rf.md', '$(id).md', 'Ünïcode 💥.md', '%2e%2e%2fup.md', `${'n'.repeat(190)}.md`];
    for (const name of good) await writeFile(at(name), `${text} ${name}`);
    await writeFile(at('two\nlines.md'), text);
    await writeFile(at(`${'o'.repeat(220)}.md`), text);
    await writeFile(at('program.md'), Buffer.from('\x7fELF\u0000\u0001'));
    await writeFile(at('half.md'), Buffer.from([0x41, 0xff, 0xfe, 0x42]));
    await writeFile(at('deep.json'), '['.repeat(90_000));
    await writeFile(at('script.exe'), text);
    const refused = ['pipe.md', 'zero.md', 'loop.md', 'program.md', 'half.md', 'script.exe'];
    await expect.poll(async () => (await titles()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(6);
    // What no notice tells of waits for the sweep, which takes its turn, and for what was changed just now another one.
    const told = async (name: string): Promise<string> => {
      await door.inbox.sweep();
      return readFile(at(`${name}.refused.txt`), 'utf8').catch(() => '');
    };
    for (const name of refused)
      await expect
        .poll(() => told(name), { timeout: 20_000, interval: 500, message: name })
        .toContain('was not taken');
    socket.close();
    const { objects } = await door.artifacts.list('');
    for (const { key } of objects) expect(key).toMatch(/^runs\/[0-9a-f-]{36}\/input\/[0-9a-f]{16}\/[^/]+$/);
    for (const copy of await copies()) expect(copy).not.toContain('TOP SECRET');
    // Each is said once, however often it is looked at.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(door.lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
    for (const name of ['two', 'oooo', 'loop.md', 'zero.md'])
      expect(door.lines.filter((line) => line.includes(name)).length, name).toBeLessThanOrEqual(3);
    expect(door.lines.filter((line) => line.includes('file-name-too-long'))).toHaveLength(1);
  });
});

function tried(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
