import { existsSync } from 'node:fs';
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { newRunId, type RunRows } from '#shared/ledger';
import { topologyPath } from '../../../localstack/embedded/paths.ts';
import { startMillrace } from '../run-millrace.ts';
import { failedRun, TEXT } from './failed-run.ts';
import { SECRETS, TOKEN } from './secrets.ts';
import { unpack } from './unpack.ts';

const { fixture, folder, there, store, pack, close } = await failedRun();
afterAll(close);

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
    expect(parts['objects/0001']).toBe(TEXT);
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
  }, 120_000);

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
  }, 120_000);

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
  }, 60_000);
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
