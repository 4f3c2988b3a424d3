import { once } from 'node:events';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newRunId } from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../localstack/embedded/paths.ts';
import { filesUnder } from '../end-to-end/product.ts';
import { createLedgerFixture, type LedgerFixture } from '../ledger-fixture.ts';
import { startMillrace } from './run-millrace.ts';

const DAY_MS = 86_400_000;

let fixture: LedgerFixture;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace sweep '));
  fixture = await createLedgerFixture(readTopology({ path: topologyPath }));
});
afterEach(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

const sweep = (...words: string[]) =>
  startMillrace({
    words: ['sweep', ...words],
    folder,
    environment: { DATABASE_URL: fixture.url, DATA_DIR: folder },
  }).ended;

async function write(path: string, text: string, ageMs: number): Promise<void> {
  const whole = join(folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  const then = new Date(Date.now() - ageMs);
  await utimes(whole, then, then);
}

/** Two files that nobody noticed, one of them no script; a leftover, and bytes that may yet be committed. */
async function neglect(): Promise<{ stray: string; young: string }> {
  const stray = `objects/artifacts/runs/${newRunId()}/${newRunId()}/1-abcdefabcd/stray.wav`;
  const young = `objects/artifacts/runs/${newRunId()}/${newRunId()}/1-abcdefabcd/young.wav`;
  await write('inbox/scripts/alice/three-hearts.md', '# Three hearts\n\nAn octopus.\n', 60_000);
  await write('inbox/scripts/alice/song.mp3', 'la la', 60_000);
  await write(stray, 'nobody knows me', 8 * DAY_MS);
  await write(young, 'perhaps', DAY_MS);
  return { stray, young };
}

describe('millrace sweep, where no platform runs', () => {
  it('says in a dry run what it would do, and does nothing', async () => {
    await neglect();
    await fixture.start({ title: 'nobody was told of me' });
    const before = await filesUnder(folder);
    const { code, out, err } = await sweep('--dry-run');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('Inbox: 2 objects looked at, 2 without an event.\n');
    expect(out).toContain('scripts/alice/three-hearts.md  would start a run\n');
    expect(out).toContain('scripts/alice/song.mp3  would be refused (inbox-unmatched)\n');
    expect(out).toMatch(/Artifacts: 2 objects looked at, 1 that no commit published .*: would be removed\./);
    expect(out).toMatch(/Deliveries: 1 due, the oldest for .*; their lanes would be told\./);
    expect(await filesUnder(folder)).toEqual(before);
    expect((await fixture.ledger.listRuns({ owner: 'alice', limit: 5 })).runs).toHaveLength(1);
  });

  it('mends what it finds, once', async () => {
    const { stray, young } = await neglect();
    const { out } = await sweep();
    const [, run = ''] = /three-hearts\.md {2}started the run (\S+)\n/.exec(out) ?? [];
    expect(out).toContain('scripts/alice/song.mp3  refused (inbox-unmatched)\n');
    expect(out).toContain(`  ${stray.slice('objects/artifacts/'.length)}\n`);
    expect(out).toMatch(/Deliveries: 1 due, .*; told again: light\.\n.*npm start/);
    expect(await fixture.ledger.getRun(run)).toMatchObject({ owner: 'alice', title: 'three hearts' });
    const files = await filesUnder(folder);
    expect(files).not.toContain(stray);
    expect(files).toContain(young);
    expect(files).toContain('inbox/scripts/alice/song.mp3.refused.txt');
    const again = JSON.parse((await sweep('--json')).out);
    expect(again).toMatchObject({
      mode: 'repair',
      inbox: { overlooked: [], expired: 0, unfinished: 0 },
      artifacts: { leftovers: [] },
      deliveries: { due: 1, lanes: ['light'] },
    });
  });

  it('leaves alone what is just being written into the folder', async () => {
    // It still grows when the command line has started, however long that takes.
    await write('inbox/scripts/alice/growing.md', '# Half a', -10 * 60_000);
    expect((await sweep()).out).toContain('Inbox: 1 object looked at, 0 without an event.\n');
  });
});

/** A bucket of two objects, of which it lets nobody look at the first, nor at what lies beside it. */
async function halfClosedBucket(): Promise<{ endpoint: string; close(): void }> {
  const objects = ['a.md', 'b.mp3'].map(
    (key) =>
      `<Contents><Key>${key}</Key><Size>9</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`,
  );
  const server = createServer(({ url = '', method }, response) => {
    const { pathname } = new URL(url, 'http://s3.local');
    const [, bucket = '', key = ''] = pathname.split('/');
    if (key.startsWith('a.md')) response.statusCode = 403;
    else if (key !== '') response.statusCode = 404;
    response.setHeader('content-type', 'application/xml');
    const listed = bucket === 'inbox' && !url.includes('uploads') ? objects.join('') : '';
    response.end(method === 'HEAD' ? '' : `<ListBucketResult>${listed}</ListBucketResult>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('millrace sweep, where an object cannot be looked at', () => {
  it.each([[[]], [['--json']]])('does all else, says so, and fails: %j', async (words) => {
    const bucket = await halfClosedBucket();
    try {
      const { code, out, err } = await startMillrace({
        words: ['sweep', '--dry-run', ...words],
        folder,
        environment: {
          ...{ DATABASE_URL: fixture.url, DATA_DIR: folder, OBJECTS: 's3' },
          ...{ INBOX_BUCKET: 'inbox', ARTIFACTS_BUCKET: 'artifacts', AWS_ENDPOINT_URL: bucket.endpoint },
          ...{ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' },
        },
      }).ended;
      expect(out).toContain('inbox-unmatched');
      expect(out).toMatch(
        words.length === 0 ? /a\.md {2}could not be looked at \(storage-forbidden\)\n/ : /"failed"/,
      );
      expect(err).toMatch(/1 object of the inbox could not be looked at, the first: .*does not allow it/);
      expect(code).toBe(1);
    } finally {
      bucket.close();
    }
  });
});

describe('millrace sweep, beside a platform that runs', () => {
  it('mends what lies there; a file that both find is one run', async () => {
    const environment = { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' };
    const platform = startMillrace({ words: ['start'], folder, environment });
    try {
      await platform.said(/is ready at \S+/);
      await neglect();
      const swept = await startMillrace({ words: ['sweep'], folder, environment }).ended;
      expect(swept.err).toBe('');
      expect(swept.out).toMatch(/Artifacts: \d+ objects looked at, 1 that no commit published .*: removed\./);
      expect(swept.out).not.toContain('npm start');
      // The folder's watch has taken it as well by then.
      await sleep(4_000);
      const words = ['deliveries', '--function', 'take-script', '--json'];
      const { out } = await startMillrace({ words, folder, environment }).ended;
      expect(JSON.parse(out)).toMatchObject([{ owner: 'alice', flow: 'dropped-video' }]);
    } finally {
      platform.child.kill('SIGTERM');
      await platform.ended;
    }
  }, 120_000);
});
