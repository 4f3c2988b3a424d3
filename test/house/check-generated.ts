import { readFile } from 'node:fs/promises';
import { MillraceError } from '#shared/errors';
import type { HouseCheck } from './check.ts';
import { generatedFiles } from './generated-files.ts';
import { inProject } from './project.ts';

/** What a machine writes is what it would write now. */
export const generatedCheck: HouseCheck = {
  name: 'generated files are fresh',
  run: async () => {
    try {
      const files = await generatedFiles();
      const stale = await Promise.all(
        files.map(async ({ path, text }) => {
          const there = await readFile(inProject(path), 'utf8').catch(() => undefined);
          return there === text ? [] : [`${path}: is not what it should be now; run: npm run generate`];
        }),
      );
      return stale.flat();
    } catch (error) {
      if (error instanceof MillraceError) return error.message.split('\n');
      throw error;
    }
  },
};
