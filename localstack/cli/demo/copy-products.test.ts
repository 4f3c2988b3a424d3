import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyProducts } from './copy-products.ts';

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace copies '));
  out = join(folder, 'out');
  await mkdir(join(folder, 'made'));
  for (const name of ['video.mp4', 'captions.srt'])
    await writeFile(join(folder, 'made', name), `new ${name}`, { mode: 0o444 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const copy = () =>
  copyProducts({
    files: ['video.mp4', 'captions.srt'].map((name) => ({ name, path: join(folder, 'made', name) })),
    out,
  });

describe('copies of the finished files', () => {
  it('have plain names in an empty folder, and may be changed', async () => {
    expect(await copy()).toMatchObject({ number: 1 });
    expect((await readdir(out)).sort()).toEqual(['captions.srt', 'video.mp4']);
    expect((await stat(join(out, 'video.mp4'))).mode & 0o777).toBe(0o644);
  });

  it('replace no earlier video: all of a video bear one number', async () => {
    await copy();
    expect(await copy()).toMatchObject({ number: 2 });
    await rm(join(out, 'video-2.mp4'));
    const third = await copy();
    expect(third.number).toBe(3);
    expect(third.copies.get('video.mp4')).toBe(join(out, 'video-3.mp4'));
    expect((await readdir(out)).sort()).toEqual([
      'captions-2.srt',
      'captions-3.srt',
      'captions.srt',
      'video-3.mp4',
      'video.mp4',
    ]);
  });

  it('replace nothing of the user’s own that has such a name', async () => {
    await mkdir(out);
    await writeFile(join(out, 'captions.srt'), 'mine');
    expect((await copy()).number).toBe(2);
    expect(await readFile(join(out, 'captions.srt'), 'utf8')).toBe('mine');
  });

  it('leave nothing behind when one of the files cannot be copied', async () => {
    await rm(join(folder, 'made', 'captions.srt'));
    await expect(copy()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(out)).toEqual([]);
  });
});
