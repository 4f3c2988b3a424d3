import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { variableNames } from './variables.ts';

it('has each variable in one part only: the later of two would win in silence', async () => {
  const files = await readdir(import.meta.dirname);
  const parts = files.filter((file) => !/^variables?\.|\.test\./.test(file));
  const named = await Promise.all(
    parts.map(async (file) => {
      const part: Record<string, object> = await import(join(import.meta.dirname, file));
      return Object.values(part).flatMap((group) => Object.keys(group));
    }),
  );
  expect(named.flat().sort()).toEqual([...variableNames].sort());
});
