import { readFile } from 'node:fs/promises';
import { MillraceError } from '#shared/errors';
import type { HouseCheck } from './check.ts';
import { generatedFiles } from './generated-files.ts';
import { inProject } from './project.ts';

/** What is generated from `events.yaml` is what would be generated now. */
export const generatedCheck: HouseCheck = {
  name: 'generated files match events.yaml',
  run: async () => {
    try {
      const files = await generatedFiles();
      const stale = await Promise.all(
        files.map(async ({ path, text }) => {
          const there = await readFile(inProject(path), 'utf8').catch(() => undefined);
          return there === text ? [] : [`${path}: is not what events.yaml gives; run: npm run generate`];
        }),
      );
      return stale.flat();
    } catch (error) {
      if (error instanceof MillraceError) return error.message.split('\n');
      throw error;
    }
  },
};
