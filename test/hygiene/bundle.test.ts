import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { type ArtifactRef, eventCatalogue } from '#shared/events';
import { newRunId, type RunRows } from '#shared/ledger';
import { readTopology } from '#shared/topology';
import { openArchive } from '../../localstack/cli/bundle/read-archive.ts';
import { topologyPath } from '../../localstack/embedded/paths.ts';
import { filesUnder } from '../end-to-end/files-under.ts';
import { until } from '../end-to-end/processes.ts';
import { commitOf, createLedgerFixture, type LedgerFixture } from '../ledger-fixture.ts';
import { type Running, startMillrace } from './run-millrace.ts';

const SECRETS = {
  OPENAI_API_KEY: 'a-key-of-the-model-9f3c',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIexamplekey42',
  OTEL_EXPORTER_OTLP_HEADERS: 'api-key=collector-word-77,tenant=millrace-tenant',
};
const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbGljZSIsImF1ZCI6Im1pbGxyYWNlIn0.c2lnbmF0dXJlLW9mLWl0';
/** Where a model's answer, a peer's error or a careless person put them. */
const CARELESS = [
  ...Object.values(SECRETS),
  TOKEN,
  'https://user:hunter2-hunter2@peer.example/x',
  'https://files.example/v.mp4?X-Amz-Signature=0123456789abcdef0123456789abcdef',
];

const text = '# Three hearts\n\nAn octopus has three hearts. Two of them serve the gills. It rests often.\n';
let folder = '';
let there = '';
let fixture: LedgerFixture;
let run = '';
let dead = '';

/** A run whose second step is dead, on files of `there`. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace bundle '));
  there = join(folder, 'there');
  fixture = await createLedgerFixture(readTopology({ path: topologyPath }));
  run = newRunId();
  const script = await store(`runs/${run}/input/hearts.md`, text, 'text/markdown');
  const leaked = await store(
    `runs/${run}/input/leaked.md`,
    `my key is ${SECRETS.OPENAI_API_KEY}`,
    'text/markdown',
  );
  const { settings } = eventCatalogue['pipeline.started'].example;
  await fixture.ledger.publish({
    run: {
      id: run,
      flow: 'script',
      owner: 'alice',
      title: `Hearts ${TOKEN}`,
      labels: { note: CARELESS[0] ?? '' },
    },
    event: { type: 'pipeline.started', data: { settings: { ...settings, seconds: 10 }, script } },
  });
  const host = await fixture.host({ lane: 'cpu' });
  const first = await fixture.claimOne(host, { lane: 'cpu' });
  const passing = {
    kind: 'transient',
    code: 'model-away',
    message: `401 for ${CARELESS.join(' ')}`,
  } as const;
  await fixture.work.fail({ claim: first, failure: passing, delayMs: 0 });
  await fixture.housekeeping.promote();
  const again = await fixture.claimOne(host, { lane: 'cpu' });
  const fetched = eventCatalogue['pipeline.keywords.fetched'].example;
  const data = {
    settings: { ...settings, seconds: 10 },
    script,
    subject: 'octopus hearts',
    keywords: fetched.keywords,
  };
  await fixture.work.commit(
    commitOf(again, [{ type: 'pipeline.keywords.fetched', data }], {
      artifacts: [
        await store(`runs/${run}/${again.id}/1-abcdef/notes.txt`, 'not needed by anybody', 'text/plain'),
        leaked,
      ],
    }),
  );
  const second = await fixture.claimOne(host, { lane: 'cpu' });
  dead = second.id;
  const failure = {
    kind: 'permanent',
    code: 'script-invalid',
    message: `It said ${CARELESS.join(', ')}.`,
  } as const;
  await fixture.work.fail({ claim: second, failure, delayMs: 0 });
  // A person's own token, and the keys that sign.
  await startMillrace({ words: ['token', '--owner', 'alice'], environment: { DATA_DIR: there } }).ended;
  await writeFile(join(there, 'token'), `${TOKEN}\n`);
}, 60_000);

afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

async function store(key: string, content: string, type: string): Promise<ArtifactRef> {
  const path = join(there, 'objects/artifacts', key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  const bytes = Buffer.byteLength(content);
  return { key, name: key.split('/').at(-1) ?? '', type, bytes, sha256: sha256(content) };
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

const pack = (...words: string[]) =>
  startMillrace({
    words: ['bundle', run, ...words],
    folder,
    environment: { DATABASE_URL: fixture.url, DATA_DIR: there, ...SECRETS },
  }).ended;

const load = (dataDir: string, ...words: string[]) =>
  startMillrace({ words: ['replay-bundle', ...words], folder, environment: { DATA_DIR: dataDir } }).ended;

/** Every part of a bundle, unpacked. */
async function unpack(path: string): Promise<Record<string, string>> {
  const archive = await openArchive({ path, isExpected: () => true, maxBytes: 1e9 });
  try {
    const parts = archive.names.map(
      async (name) => [name, await archive.text(name, { maxBytes: 1e9 })] as const,
    );
    return Object.fromEntries(await Promise.all(parts));
  } finally {
    archive.close();
  }
}

describe('millrace bundle', () => {
  it('packs the rows, the files that the dead step reads, versions and topology; for its owner alone', async () => {
    const { code, out, err } = await pack('--out', 'failed.zip');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('1 of 3 files go with it:\n  1 of 1  hearts.md (90 bytes)\n');
    const path = join(folder, 'failed.zip');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const parts = await unpack(path);
    expect(Object.keys(parts).sort()).toEqual([
      'bundle.json',
      'events.yaml',
      'ledger.json',
      'objects/0001',
      'why.txt',
    ]);
    expect(parts['objects/0001']).toBe(text);
    expect(parts['events.yaml']).toBe(await readFile(topologyPath, 'utf8'));
    expect(parts['why.txt']).toContain('generate-script: dead after 1 attempt that failed');
    const page = JSON.parse(parts['bundle.json'] ?? '');
    expect(page.versions).toMatchObject({
      node: process.version,
      postgres: expect.stringMatching(/^\d+/),
      functions: { 'generate-script': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
    expect(page.files.map(({ name, left }: { name: string; left?: string }) => [name, left])).toEqual(
      expect.arrayContaining([
        ['hearts.md', undefined],
        ['notes.txt', 'not needed'],
        ['leaked.md', 'not needed'],
      ]),
    );
    const rows = JSON.parse(parts['ledger.json'] ?? '') as RunRows;
    expect(rows.delivery.map(({ function: name, state }) => [name, state])).toEqual([
      ['keyword-fetch', 'done'],
      ['generate-script', 'dead'],
    ]);
  }, 60_000);

  it('holds no secret: no setting, key, token or signature, in no part; what holds one stays behind', async () => {
    const { code, err } = await pack('--out', 'all.zip', '--all');
    expect(code).toBe(0);
    expect(err).toContain('Left out: leaked.md holds a secret.');
    const parts = await unpack(join(folder, 'all.zip'));
    const signing = JSON.parse(await readFile(join(there, 'keys/token-key.json'), 'utf8')) as { d: string };
    const password = new URL(fixture.url).password;
    const whole = Object.values(parts).join('\n');
    expect(whole).toContain('not needed by anybody');
    const secrets = [
      ...Object.values(SECRETS),
      ...['collector-word-77', 'hunter2-hunter2', '0123456789abcdef0123456789abcdef'],
      ...[TOKEN, TOKEN.split('.')[2] ?? '', signing.d, ...(password === '' ? [] : [password])],
    ];
    for (const secret of secrets) expect(whole.includes(secret), secret).toBe(false);
    expect(whole).toContain('[secret]');
    // Whose it was says nothing about why it failed.
    expect(whole).not.toContain('alice');
  }, 60_000);

  it.each<[string, () => Promise<{ code: number | null; err: string }>, string]>([
    ['a run of somebody else', () => pack('--out', 'no.zip', '--owner', 'bob'), 'There is no run'],
    ['more than is allowed', () => pack('--out', 'no.zip', '--max-mb', 'x'), 'from 1 to 1000000'],
    ['to replace a file', () => pack('--out', 'failed.zip'), 'There is a file'],
  ])(
    'refuses %s in words, and leaves nothing behind',
    async (_, ask, reason) => {
      const { code, err } = await ask();
      expect(code).toBe(1);
      expect(err).toContain(reason);
      expect(err).not.toMatch(/\n {4}at /);
      expect(existsSync(join(folder, 'no.zip'))).toBe(false);
      expect(existsSync(join(folder, 'failed.zip.part'))).toBe(false);
    },
    30_000,
  );

  it('refuses a run that is still going on', async () => {
    const open = await fixture.start();
    const { code, err } = await startMillrace({
      words: ['bundle', open],
      folder,
      environment: { DATABASE_URL: fixture.url, DATA_DIR: there },
    }).ended;
    expect(code).toBe(1);
    expect(err).toContain('still going on');
    await fixture.ledger.cancelRun({ run: open });
  }, 30_000);
});

describe('a bundle that is broken off', () => {
  it('leaves nothing behind', async () => {
    const big = newRunId();
    const script = await store(`runs/${big}/input/big.md`, 'a', 'text/markdown');
    const bytes = 400e6;
    await truncate(join(there, 'objects/artifacts', script.key), bytes);
    const { settings } = eventCatalogue['pipeline.started'].example;
    await fixture.ledger.publish({
      run: { id: big, flow: 'keywords', owner: 'alice', title: 'Big', labels: {} },
      event: { type: 'pipeline.started', data: { settings, script: { ...script, bytes } } },
    });
    const claim = await fixture.claimOne(await fixture.host({ lane: 'cpu' }), { lane: 'cpu' });
    const failure = { kind: 'permanent', code: 'broken', message: 'Broken.' } as const;
    await fixture.work.fail({ claim, failure, delayMs: 0 });
    const small = await startMillrace({
      words: ['bundle', big, '--out', 'big.zip', '--max-mb', '399'],
      folder,
      environment: { DATABASE_URL: fixture.url, DATA_DIR: there },
    }).ended;
    expect(small.err).toContain('The files of the bundle have 400 MB, more than 399 MB');
    const packing = startMillrace({
      words: ['bundle', big, '--out', 'big.zip'],
      folder,
      environment: { DATABASE_URL: fixture.url, DATA_DIR: there },
    });
    await packing.said(/1 of 1 {2}big\.md/);
    packing.child.kill('SIGINT');
    const { code, err } = await packing.ended;
    expect(err).toContain('Interrupted: nothing was packed.');
    expect(code).toBe(130);
    expect((await readdir(folder)).filter((name) => name.startsWith('big'))).toEqual([]);
  }, 120_000);
});

describe('millrace replay-bundle', () => {
  it('makes the run stand on an empty laptop where it failed; retried there, it goes on to its end', async () => {
    const here = join(folder, 'a laptop');
    const { code, out, err } = await load(here, 'failed.zip');
    expect(err).toBe('');
    expect(out).toContain(`npx millrace retry ${dead}   (generate-script)`);
    expect(code).toBe(0);
    const environment = { DATA_DIR: here, PORT: '0' };
    const why = await startMillrace({ words: ['why', run], environment }).ended;
    expect(why.out).toMatch(/keyword-fetch: done, .*, after 1 attempt that failed/);
    expect(why.out).toMatch(/generate-script: dead after 1 attempt that failed\n[\s\S]*It said \[secret\]/);
    const twice = await load(here, 'failed.zip');
    expect(twice.code).toBe(1);
    expect(twice.err).toContain('is in this ledger already');
    // The run that is there keeps its file.
    expect(await filesUnder(join(here, 'objects/artifacts'))).toEqual([`runs/${run}/input/hearts.md`]);

    const platform = startMillrace({ words: ['start'], folder, environment });
    try {
      await platform.said(/is ready at/);
      expect((await startMillrace({ words: ['retry', dead], environment }).ended).out).toContain(
        'is due again',
      );
      await until({
        what: 'the run completes',
        limitMs: 60_000,
        everyMs: 1_000,
        look: async () =>
          /\ncompleted after/.test((await startMillrace({ words: ['why', run], environment }).ended).out),
      });
    } finally {
      await stop(platform);
    }
  }, 180_000);

  it('passes on from laptop to laptop, and makes dead deliveries due at once when asked to', async () => {
    const here = join(folder, 'another laptop');
    await load(here, 'failed.zip');
    // From the database that lies in DATA_DIR, too, a bundle can be made, and holds nothing of its password.
    const again = await startMillrace({
      words: ['bundle', run, '--out', 'again.zip'],
      folder,
      environment: { DATA_DIR: here },
    }).ended;
    expect(again).toMatchObject({ code: 0, err: '' });
    const password = (await readFile(join(here, 'postgres/password'), 'utf8')).trim();
    expect(Object.values(await unpack(join(folder, 'again.zip'))).join('\n')).not.toContain(password);

    const third = join(folder, 'a third laptop');
    const { out } = await load(third, 'again.zip', '--retry');
    expect(out).toContain('1 dead deliveries are due again; start: npm start');
    const why = await startMillrace({ words: ['why', run], environment: { DATA_DIR: third } }).ended;
    expect(why.out).toMatch(/generate-script: due, /);
  }, 60_000);
});

async function stop(platform: Running): Promise<void> {
  platform.child.kill('SIGINT');
  await platform.ended;
}

describe('a bundle from somebody hostile', () => {
  let parts: Record<string, string>;
  let here = '';
  beforeAll(async () => {
    parts = await unpack(join(folder, 'failed.zip'));
    here = join(folder, 'a victim');
    await load(here, 'failed.zip');
  }, 60_000);

  /** The bundle with other parts. */
  async function made(name: string, change: Record<string, string | Buffer | undefined>): Promise<string> {
    const zip = new ZipFile();
    for (const [part, content] of Object.entries({ ...parts, ...change }))
      if (content !== undefined) zip.addBuffer(Buffer.from(content), part);
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(join(folder, name)));
    return name;
  }
  const page = (change: (page: { files: ArtifactRef[]; run: { id: string } }) => void): string => {
    const copy = JSON.parse(parts['bundle.json'] ?? '');
    change(copy);
    return JSON.stringify(copy);
  };
  const ledger = (change: (rows: RunRows) => unknown): string => {
    const copy = JSON.parse(parts['ledger.json'] ?? '') as RunRows;
    change(copy);
    return JSON.stringify(copy);
  };
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  it.each<[string, () => Record<string, string | Buffer | undefined>, string]>([
    ['a part that does not belong', () => ({ 'run.sh': 'rm -rf /' }), 'does not belong'],
    ['no rows', () => ({ 'ledger.json': undefined }), 'has no ledger.json'],
    ['no JSON', () => ({ 'bundle.json': 'hello' }), 'no JSON'],
    ['JSON that is nested without end', () => ({ 'ledger.json': deep }), 'This is no bundle'],
    [
      'other bytes than its checksum says',
      () => ({ 'objects/0001': text.replace('three', 'seven') }),
      'checksum',
    ],
    ['a file less than it lists', () => ({ 'objects/0001': undefined }), 'differ'],
    [
      'a file outside of its place',
      () => ({
        'bundle.json': page(({ files }) => Object.assign(files[0] ?? {}, { key: '../../token' })),
      }),
      'no row names the file',
    ],
    [
      'an artifact that is a key of the platform',
      () => ({
        'ledger.json': ledger(({ artifact }) =>
          Object.assign(artifact[0] ?? {}, { object_key: '../keys/link-key' }),
        ),
      }),
      'is no key of an object',
    ],
    [
      'an artifact in the inbox',
      () => ({
        'ledger.json': ledger(({ artifact }) =>
          Object.assign(artifact[0] ?? {}, { object_key: 'inbox/x.md' }),
        ),
      }),
      "no place of a run's files",
    ],
    [
      'work that would start by itself',
      () => ({ 'ledger.json': ledger(({ delivery }) => Object.assign(delivery[0] ?? {}, { state: 'due' })) }),
      'delivery.0.state',
    ],
    [
      'rows of another run',
      () => ({ 'ledger.json': ledger(({ run: of }) => Object.assign(of, { id: newRunId() })) }),
      'another run',
    ],
    [
      'a table too many',
      () => ({ 'ledger.json': ledger((rows) => Object.assign(rows, { pause: [] })) }),
      'This is no bundle',
    ],
    [
      'a newer Millrace',
      () => ({ 'bundle.json': page((one) => Object.assign(one, { version: 2 })) }),
      'made by a newer Millrace',
    ],
    ['a bomb', () => ({ 'objects/0001': Buffer.alloc(300e6) }), 'would become'],
  ])(
    'is refused with %s, and nothing of it stays',
    async (_, change, reason) => {
      const empty = await mkdtemp(join(folder, 'nobody '));
      const name = await made(`hostile-${Math.random()}.zip`, change());
      const { code, err } = await load(empty, name);
      expect(err).toContain(reason);
      expect(err).not.toMatch(/\n {4}at /);
      expect(code).toBe(1);
      expect(await filesUnder(join(empty, 'objects')).catch(() => [])).toEqual([]);
    },
    60_000,
  );

  it.each<[string, () => string | Buffer]>([
    ['nothing', () => ''],
    ['a text', () => 'PK, I am a zip'],
    ['half a zip', () => parts['ledger.json'] ?? ''],
  ])(
    'is refused where it is %s',
    async (what, content) => {
      await writeFile(join(folder, `${what}.zip`), content());
      const { code, err } = await load(here, `${what}.zip`);
      expect(code).toBe(1);
      expect(err).toContain('This is no bundle');
    },
    30_000,
  );

  it('cannot name the files of a run that is here, to have them removed with itself', async () => {
    const other = newRunId();
    const theirs = ledger((rows) => {
      const old = rows.run.id;
      rows.run.id = other;
      for (const one of rows.delivery) one.id = newRunId();
      for (const one of rows.event) one.id = newRunId();
      expect(JSON.stringify(rows)).toContain(`runs/${old}/input`);
    });
    const name = await made('thief.zip', {
      'ledger.json': theirs,
      'bundle.json': page((one) => Object.assign(one.run, { id: other })),
    });
    const { code, err } = await load(here, name);
    expect(code).toBe(1);
    expect(err).toContain('shares files with the run');
  }, 30_000);
});
