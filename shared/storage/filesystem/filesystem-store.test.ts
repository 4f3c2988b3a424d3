import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeObjectStore } from '../testing/object-store.contract.ts';
import { createFilesystemStore } from './filesystem-store.ts';
import { sweepLeftovers } from './sweep.ts';

describeObjectStore({
  name: 'filesystem',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'millrace storage '));
    return {
      store: await createFilesystemStore({ root: join(folder, 'bucket') }),
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  },
});

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-storage-'));
  root = join(folder, 'bucket');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('objects in a folder', () => {
  it('are plain, read-only files where a person would look for them', async () => {
    const store = await createFilesystemStore({ root });
    await store.put('output/run 1/video.mp4', Buffer.from('film'));
    const path = join(root, 'output', 'run 1', 'video.mp4');
    expect(store.localPath('output/run 1/video.mp4')).toBe(path);
    expect(await readFile(path, 'utf8')).toBe('film');
    expect((await stat(path)).mode & 0o777).toBe(0o444);
    expect(() => store.localPath('../x')).toThrow(expect.objectContaining({ code: 'key-invalid' }));
  });

  it('are copied without their bytes when read-only, with them when somebody could still change them', async () => {
    const store = await createFilesystemStore({ root });
    await store.put('ours', Buffer.from('ours'));
    await store.copy('ours', 'ours-too');
    expect((await stat(join(root, 'ours-too'))).ino).toBe((await stat(join(root, 'ours'))).ino);
    await writeFile(join(root, 'dropped'), 'dropped', { mode: 0o644 });
    await store.copy('dropped', 'kept');
    await writeFile(join(root, 'dropped'), 'changed in place');
    expect(await text(await store.get('kept'))).toBe('dropped');
    expect((await stat(join(root, 'kept'))).mode & 0o777).toBe(0o444);
  });

  it('leave no empty folders and no temporary files behind', async () => {
    const store = await createFilesystemStore({ root });
    await store.put('a/b/c/d', Buffer.from('x'));
    await store.put('a/kept', Buffer.from('x'));
    await store.copy('a/kept', 'a/kept');
    await store.remove('a/b/c/d');
    await store.put('a/b', Buffer.from('x'), { maxBytes: 0 }).catch(() => undefined);
    expect(await readdir(join(root, 'a'))).toEqual(['kept']);
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
    await store.remove('a/kept');
    expect(await readdir(root)).toEqual(['.incoming']);
  });

  it('cannot be a folder of other objects at once, which is said', async () => {
    const store = await createFilesystemStore({ root });
    await store.put('film', Buffer.from('x'));
    await store.put('series/1', Buffer.from('x'));
    const refused = { kind: 'permanent', code: 'key-blocked' };
    await expect(store.put('film/1', Buffer.from('y'))).rejects.toMatchObject(refused);
    await expect(store.put('series', Buffer.from('y'))).rejects.toMatchObject(refused);
    await expect(store.copy('film', 'series')).rejects.toMatchObject(refused);
    await store.remove('series');
    expect((await store.list('')).objects.map(({ key }) => key)).toEqual(['film', 'series/1']);
    await mkdir(join(root, 'empty', 'folders'), { recursive: true });
    await rm(join(root, 'empty', 'folders'), { recursive: true });
    expect(await store.put('empty', Buffer.from('y'))).toMatchObject({ bytes: 1 });
  });

  it('never lead out of the folder through symbolic links', async () => {
    const outside = join(folder, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    const store = await createFilesystemStore({ root });
    await symlink(outside, join(root, 'door'));
    await symlink(join(outside, 'secret'), join(root, 'window'));
    await symlink(join(folder, 'nowhere'), join(root, 'broken'));
    for (const key of ['door/secret', 'window', 'broken']) {
      expect(await store.head(key)).toBeUndefined();
      await expect(store.get(key)).rejects.toMatchObject({ code: 'object-not-found' });
      await expect(store.copy(key, 'loot')).rejects.toMatchObject({ code: 'object-not-found' });
    }
    for (const key of ['door/planted', 'door/deep/planted', 'broken/planted']) {
      await expect(store.put(key, Buffer.from('x'))).rejects.toMatchObject({ code: 'key-blocked' });
    }
    expect((await store.list('')).objects).toEqual([]);
    await store.remove('door/secret');
    await store.put('window', Buffer.from('replaced'));
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(await readdir(outside)).toEqual(['secret']);
    expect((await lstat(join(root, 'window'))).isFile()).toBe(true);
  });

  it('are not hurt by pipes, links in the root or strange names that people dropped', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), root);
    const store = await createFilesystemStore({ root });
    await store.put('here', Buffer.from('x'));
    await writeFile(join(folder, 'real', 'back\\slash'), 'x');
    await writeFile(join(folder, 'real', 'line\nend'), 'x');
    const pipe = spawn('mkfifo', [join(folder, 'real', 'pipe')]);
    await once(pipe, 'exit');
    await expect(store.get('pipe')).rejects.toMatchObject({ code: 'object-not-found' });
    expect((await store.list('')).objects.map(({ key }) => key)).toEqual(['here']);
  });

  it('take a 300 MB stream in a memory that does not grow with it', async () => {
    const store = await createFilesystemStore({ root });
    const piece = Buffer.alloc(1_000_000, 'millrace');
    const expected = createHash('sha256');
    let peak = 0;
    const before = process.memoryUsage.rss();
    async function* pieces() {
      for (let index = 0; index < 300; index += 1) {
        expected.update(piece);
        peak = Math.max(peak, process.memoryUsage.rss() - before);
        yield piece;
      }
    }
    const stored = await store.put('large.bin', Readable.from(pieces()));
    expect(stored).toMatchObject({ bytes: 300_000_000, sha256: expected.digest('hex') });
    const check = createHash('sha256');
    for await (const chunk of await store.get('large.bin')) {
      check.update(chunk);
      peak = Math.max(peak, process.memoryUsage.rss() - before);
    }
    expect(check.digest('hex')).toBe(stored.sha256);
    expect(peak).toBeLessThan(100_000_000);
  });

  it('show nothing of a put whose process was killed; the leftover goes a day later', async () => {
    const store = await createFilesystemStore({ root });
    await store.put('victim.bin', Buffer.from('old'));
    const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures', 'endless-put.ts'), root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await text(await store.get('victim.bin'))).toBe('old');
    expect((await store.list('')).objects.map(({ key }) => key)).toEqual(['victim.bin']);
    const aside = join(root, '.incoming');
    expect(await readdir(aside)).toHaveLength(1);
    const again = await createFilesystemStore({ root });
    expect(await readdir(aside)).toHaveLength(1);
    expect(await text(await again.get('victim.bin'))).toBe('old');
    await sweepLeftovers({ folder: aside, now: new Date(Date.now() + 86_401_000), olderThanMs: 86_400_000 });
    expect(await readdir(aside)).toEqual([]);
  });

  it('leave nothing half-written to one who knows that nobody else writes', async () => {
    await createFilesystemStore({ root });
    await writeFile(join(root, '.incoming', 'half'), 'x');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await createFilesystemStore({ root, leftoverMs: 0 });
    expect(await readdir(join(root, '.incoming'))).toEqual([]);
  });

  it('keep a hard link on its way to its name, however old its bytes are', async () => {
    const store = await createFilesystemStore({ root });
    await store.put('old', Buffer.from('x'));
    await utimes(join(root, 'old'), new Date(0), new Date(0));
    await link(join(root, 'old'), join(root, '.incoming', 'on-its-way'));
    await createFilesystemStore({ root });
    expect(await readdir(join(root, '.incoming'))).toEqual(['on-its-way']);
  });

  it('need a folder that can be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createFilesystemStore({ root: join(folder, 'file', 'bucket') })).rejects.toMatchObject({
      kind: 'permanent',
      code: 'storage-folder',
    });
  });
});
