import { readFile } from 'node:fs/promises';
import { MillraceError } from '#shared/errors';
import type { HouseCheck } from './check.ts';
import { generatedFiles, strayFiles } from './generated-files.ts';
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
      const strays = await strayFiles(files);
      return [
        ...stale.flat(),
        ...strays.map((path) => `${path}: belongs to nothing in events.yaml any more; run: npm run generate`),
      ];
    } catch (error) {
      if (error instanceof MillraceError) return error.message.split('\n');
      throw error;
    }
  },
};
