import { createWriteStream } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { ArtifactRef } from '#shared/events';
import { newRunId, type RunRows } from '#shared/ledger';
import { filesUnder } from '../../end-to-end/files-under.ts';
import { failedRun, TEXT } from './failed-run.ts';
import { unpack } from './unpack.ts';

const { folder, pack, load, close } = await failedRun();
afterAll(close);

describe('a bundle from somebody hostile', () => {
  let parts: Record<string, string>;
  let here = '';
  beforeAll(async () => {
    expect(await pack('--out', 'failed.zip')).toMatchObject({ code: 0 });
    parts = await unpack(join(folder, 'failed.zip'));
    here = join(folder, 'a victim');
    await load(here, 'failed.zip');
  }, 120_000);

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
      () => ({ 'objects/0001': TEXT.replace('three', 'seven') }),
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
  }, 60_000);
});
