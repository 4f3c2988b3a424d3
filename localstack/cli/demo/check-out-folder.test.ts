import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkOutFolder } from './check-out-folder.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace out '));
  await writeFile(join(folder, 'file'), 'x');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('makes the folder, and takes one that is there', async () => {
  const out = join(folder, 'a', 'b');
  await checkOutFolder(out);
  await checkOutFolder(out);
  expect((await stat(out)).isDirectory()).toBe(true);
});

it.each(['file', 'file/below'])('refuses %s, saying which folder', async (name) => {
  const out = join(folder, name);
  await expect(checkOutFolder(out)).rejects.toMatchObject({
    code: 'out-unusable',
    message: expect.stringContaining(out),
  });
});
