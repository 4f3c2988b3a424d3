import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRequest } from './request-body.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace demo '));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (words: { topic?: string; script?: string }) =>
  readRequest({ words: { seconds: 60, ...words }, callerFolder: folder });

describe('readRequest', () => {
  it('narrates the article that comes along when nothing is named', async () => {
    const { body } = await read({});
    expect(body).toMatchObject({ seconds: 60, labels: { made: 'demo' } });
    expect(String(body.script).split(/\s+/).length).toBeGreaterThan(100);
    expect(body).not.toHaveProperty('topic');
  });

  it('sends a topic as it was typed', async () => {
    expect((await read({ topic: '$(rm -rf /) 🐙' })).body).toEqual({
      topic: '$(rm -rf /) 🐙',
      seconds: 60,
      labels: { made: 'demo' },
    });
  });

  it("reads a script from the caller's folder", async () => {
    await writeFile(join(folder, 'my notes.md'), '# Bees\n\nBees dance.');
    expect((await read({ script: 'my notes.md' })).body.script).toBe('# Bees\n\nBees dance.');
  });

  it.each([
    ['topic-and-script', { topic: 'bees', script: 'x.md' }, undefined],
    ['script-missing', { script: 'nowhere.md' }, undefined],
    ['script-missing', { script: '.' }, undefined],
    ['script-too-large', { script: 'big.md' }, Buffer.alloc(204_801, 'a')],
    ['script-not-text', { script: 'picture.md' }, Buffer.from([0x89, 0x50, 0xff, 0xfe])],
  ])('refuses with %s: %j', async (code, words, content) => {
    if (content !== undefined) await writeFile(join(folder, words.script), content);
    await expect(read(words)).rejects.toMatchObject({ code });
  });
});
