import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readFunction } from './read-function.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-functions-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(handle: string) {
  const path = join(folder, 'function.ts');
  writeFileSync(
    path,
    `export default defineFunction({ name: 'a', needs: ['speech', "media"], ${handle} });\n`,
  );
  return readFunction(path);
}

describe('what a function must be given', () => {
  it('are the ports that it names', () => {
    expect(read('handle() {}').ports).toEqual(['speech', 'media']);
  });

  it.each<[how: string, handle: string, objects: boolean]>([
    ['takes nothing', 'async handle() {}', false],
    ['asks no store', 'async handle(input, deps) { deps.log.info({}, input.put); }', false],
    [
      'asks a port of the same word',
      'async handle(input, { keywords }) { await keywords.fetch(input); }',
      false,
    ],
    ['puts', "async handle(input, deps) { await deps.put('a', { bytes: '' }); }", true],
    ['fetches, as an arrow', 'handle: async (_, deps) => deps.fetch(1)', true],
    ['takes it by name', 'async handle(input, { signal, place }) { await place(input); }', true],
    ['takes it by another name', 'async handle(input, { put: store }) { await store(input); }', true],
    ['takes it out later', 'async handle(input, deps) { const { fetch } = deps; await fetch(input); }', true],
    ['takes something else out', 'async handle(input, deps) { const { clock } = deps; clock.now(); }', false],
    ['takes what is left', 'async handle(input, { signal, ...rest }) { use(rest); }', true],
    ['hands all of it on', 'async handle(input, deps) { return elsewhere(input, deps); }', true],
    ['is made elsewhere', 'handle: makeHandle()', true],
  ])('is the store where it %s', (_, handle, objects) => {
    expect(read(handle).objects).toBe(objects);
  });

  it('is nothing of a function that is not there', () => {
    expect(readFunction(join(folder, 'nowhere.ts'))).toEqual({ ports: [], objects: false });
  });
});
