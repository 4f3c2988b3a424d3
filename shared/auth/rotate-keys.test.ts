import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuth, rotateKeys } from './index.ts';

const DAY_MS = 86_400_000;
let folder = '';
let now = new Date();
const clock = { now: () => now };
const later = (days: number): void => {
  now = new Date(now.getTime() + days * DAY_MS);
};
const rotate = () => rotateKeys({ folder, clock, everyDays: 90 });
const kidOf = (token: string) => decodeProtectedHeader(token).kid ?? '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace rotation '));
  now = new Date('2026-01-02T03:04:05Z');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('keys of tokens', () => {
  it('are published before they sign and accepted until their last token ended, by processes that go on', async () => {
    // One that signs and one that only checks, both started before anything changes.
    const [signs, checks] = [
      createAuth({ keysFolder: folder, clock }),
      createAuth({ keysFolder: folder, clock }),
    ];
    const issue = (days: number) =>
      signs.issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: days * 86_400 });
    const published = async () => (await checks.jwks()).keys.map(({ kid }) => kid);
    const first = await issue(365);
    expect(await rotate()).toBe('unchanged');
    later(89);
    expect(await rotate()).toBe('unchanged');
    later(2);
    expect(await rotate()).toBe('published');
    later(0.5);
    expect(await rotate()).toBe('unchanged');
    const between = await issue(30);
    expect(kidOf(between)).toBe(kidOf(first));
    const before = await published();
    expect(before).toHaveLength(2);
    later(0.6);
    expect(await rotate()).toBe('in use');
    later(0.01);
    const second = await issue(30);
    expect(kidOf(second)).not.toBe(kidOf(first));
    // What signs now had been published.
    expect(before).toContain(kidOf(second));
    expect((await published()).toSorted()).toEqual(before.toSorted());
    for (const token of [first, between, second])
      expect(await checks.verify(token)).toMatchObject({ account: 'ann' });

    const seen = new Set([kidOf(first), kidOf(second)]);
    for (let day = 0; day < 270; day += 1) {
      later(1);
      await rotate();
      seen.add(kidOf(await issue(1)));
    }
    expect(seen.size).toBe(5);
    // A year's token lives to its end.
    expect(await checks.verify(first)).toMatchObject({ account: 'ann' });
    for (let day = 0; day < 100; day += 1) {
      later(1);
      await rotate();
    }
    expect(await published()).not.toContain(kidOf(first));
    expect((await published()).length).toBeLessThanOrEqual(6);
    await expect(checks.verify(first)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('go on where a rotation was broken off between its two steps', async () => {
    const auth = createAuth({ keysFolder: folder, clock });
    const token = await auth.issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 86_400 * 300 });
    later(91);
    expect(await rotate()).toBe('published');
    later(2);
    // It stands under two names then.
    await writeFile(
      join(folder, 'token-key.retired-20260404T030405Z.json'),
      await readFile(join(folder, 'token-key.json')),
    );
    expect((await auth.jwks()).keys).toHaveLength(2);
    expect(await rotate()).toBe('in use');
    later(0.01);
    expect((await auth.jwks()).keys).toHaveLength(2);
    expect(await auth.verify(token)).toMatchObject({ account: 'ann' });
  });

  it('of a folder without keys are not made, and those that an operator put there stay', async () => {
    expect(await rotate()).toBe('unchanged');
    expect(await readdir(folder)).toEqual([]);
    const auth = createAuth({ keysFolder: folder, clock });
    await auth.jwks();
    await writeFile(
      join(folder, 'token-key.retired-last.json'),
      await readFile(join(folder, 'token-key.json')),
    );
    later(500);
    await rotate();
    expect(await readdir(folder)).toContain('token-key.retired-last.json');
  });

  it('that cannot be read any more leave those that were', async () => {
    const auth = createAuth({ keysFolder: folder, clock });
    const token = await auth.issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 86_400 });
    await writeFile(join(folder, 'token-key.json'), '{');
    later(0.01);
    expect(await auth.verify(token)).toMatchObject({ account: 'ann' });
  });
});
