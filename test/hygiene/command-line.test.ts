import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { millrace, startMillrace } from './run-millrace.ts';

let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'millrace command line '));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

const inScratch = (...words: string[]) =>
  startMillrace({ words, folder: scratch, environment: { DATA_DIR: join(scratch, 'data') } }).ended;

describe('millrace', () => {
  it('explains itself: commands, variables, and every option of the demo', async () => {
    const { code, out } = await millrace('--help');
    expect(code).toBe(0);
    for (const word of ['demo', 'start', 'token', 'PORT', 'DATA_DIR', 'FFMPEG_BIN', 'LANGUAGE_MODEL']) {
      expect(out).toContain(word);
    }
    const demo = await millrace('demo', '--help');
    for (const word of ['--script', '--format', '--voice', '--seconds', '--size', '--title', '--out']) {
      expect(demo.out).toContain(word);
    }
  });

  it('says its version', async () => {
    expect((await millrace('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['danse'], 'unknown command'],
    [['demo', '--fast'], 'unknown option'],
    [['demo', '--format', 'wide'], 'long, short, square'],
    [['demo', '--seconds', 'sixty'], 'It must be a number'],
    [['demo', 'one', 'two'], 'too many arguments'],
    [['demo', 'bees', '--script', 'bees.md'], 'not both'],
    [['demo', '--script', 'nowhere.md'], 'There is no file'],
    [['token'], '--owner'],
    [['token', '--owner', 'alice', '--days', '0'], 'from 1 to 365'],
    [['token', '--owner', 'a b'], 'without spaces'],
    [['start', 'now'], 'too many arguments'],
  ])('refuses %j in words, without a stack trace', async (words, reason) => {
    const { code, out, err } = await inScratch(...words);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(reason);
    expect(err).not.toMatch(/\n {4}at /);
  });

  it('names every wrong variable before anything starts', async () => {
    const { code, err } = await startMillrace({
      words: ['start'],
      environment: { PORT: 'eighty', RATE_LIMIT: '-1', DATA_DIR: scratch },
    }).ended;
    expect(code).toBe(1);
    expect(err).toContain('PORT="eighty"');
    expect(err).toContain('RATE_LIMIT="-1"');
    expect(err).not.toMatch(/\n {4}at /);
  });

  it('prints a token alone on stdout, so that a script can take it', async () => {
    const { code, out, err } = await inScratch('token', '--owner', 'alice', '--role', 'admin', '--days', '3');
    expect(code).toBe(0);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const claims = JSON.parse(Buffer.from(out.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ sub: 'alice', account: 'alice', roles: ['admin'], aud: 'millrace' });
    expect(claims.exp - claims.iat).toBe(3 * 86_400);
    expect(err).toContain('alice');
    expect(err).not.toContain(out.trim());
  });

  const machineNode = machinesOwnNode();
  it.skipIf(machineNode === undefined)("starts under the machine's own, older Node", async () => {
    const { code, out, err } = await startMillrace({ words: ['--version'], node: machineNode ?? '' }).ended;
    expect(err).toBe('');
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });

  it('reads a script from the folder it is called in', async () => {
    await writeFile(join(scratch, 'picture.md'), Buffer.from([0xff, 0xfe, 0x00]));
    expect((await inScratch('demo', '--script', 'picture.md')).err).toContain('is not UTF-8 text');
  });
});

/** A Node too old for TypeScript, where the machine has one. */
function machinesOwnNode(): string | undefined {
  for (const path of ['/usr/bin/node', '/usr/local/bin/node']) {
    try {
      const version = execFileSync(path, ['--version'], { encoding: 'utf8' });
      if (Number(/^v(\d+)/.exec(version)?.[1]) < 22) return path;
    } catch {
      // Not there: look on.
    }
  }
  return undefined;
}
