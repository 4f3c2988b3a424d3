import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#shared/config';
import { createOfflineKeywords } from '#shared/keywords';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, on, testTopology } from '../../test/ledger-fixture.ts';
import { copyCookies } from './copy-cookies.ts';
import { joinLedger } from './join-ledger.ts';

const COOKIES = '# Netscape HTTP Cookie File\n.example.org\tTRUE\t/\tTRUE\t0\tname\tvalue\n';

let folder = '';
let source = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-given-'));
  // As Kubernetes mounts a Secret.
  source = join(folder, 'secret', 'cookies.txt');
  await mkdir(dirname(source));
  await writeFile(source, COOKIES, { mode: 0o444 });
  await chmod(dirname(source), 0o555);
});
afterEach(async () => {
  await chmod(dirname(source), 0o755);
  await rm(folder, { recursive: true });
});

describe('cookies of downloads', () => {
  it('are copied to where the process may write, for itself alone, and removed at its end', async () => {
    const { path = '', remove } = await copyCookies(source);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).toBe(COOKIES);
    // As whoever downloads does.
    await writeFile(path, `${COOKIES}more`);
    expect(await readFile(source, 'utf8')).toBe(COOKIES);
    await remove();
    await expect(stat(dirname(path))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['are not configured', () => undefined],
    ['are in a Secret that nobody made', () => join(folder, 'nothing', 'cookies.txt')],
  ])('are none where they %s', async (_, named) => {
    const { path, remove } = await copyCookies(named());
    expect(path).toBeUndefined();
    await remove();
  });

  it('that cannot be read are told of by their variable', async () => {
    await expect(copyCookies(dirname(source))).rejects.toMatchObject({
      code: 'cookies-unreadable',
      message: expect.stringContaining(`DOWNLOAD_COOKIES="${dirname(source)}"`),
    });
  });

  it('are named to the ports of a process that joins the ledger, and go with it', async () => {
    const topology = testTopology({ 'only-step': [on('pipeline.started')] });
    const [fn] = topology.functions;
    const profile = topology.profiles.light;
    if (fn === undefined || profile === undefined) throw new Error('no function');
    const fixture = await createLedgerFixture(topology);
    let told: string | undefined;
    const config = loadConfig({
      DATABASE_URL: fixture.url,
      DATA_DIR: join(folder, 'data'),
      DOWNLOAD_COOKIES: source,
      LOG_LEVEL: 'silent',
    });
    const joined = await joinLedger({
      config,
      log: createLog({ service: 'only-step', level: 'silent' }),
      deployed: {
        ...{ topology: fn, profile, source: topology.source, lanes: ['light'] },
        definition: {
          name: 'only-step',
          summary: 'For a test.',
          consumes: ['pipeline.started'],
          needs: ['keywords'],
          handle: async () => ({}),
        },
        ports: {
          keywords: async () => (settings) => {
            told = settings.cookies;
            return createOfflineKeywords();
          },
        },
      },
    });
    expect(await readFile(told ?? '', 'utf8')).toBe(COOKIES);
    await joined.leave(0);
    await expect(stat(told ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
    await fixture.close();
  });
});
