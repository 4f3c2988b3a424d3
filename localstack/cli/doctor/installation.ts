import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { projectFolder } from '../project-folder.ts';
import type { Examination } from './finding.ts';

/** `events.yaml` is valid, and the code of each of its functions is there. */
export const functions: Examination = {
  subject: 'functions',
  look: async () => {
    try {
      const { functions: named, profiles } = readTopology({ path: join(projectFolder, 'events.yaml') });
      const lost = named.filter(
        ({ area, name }) => !existsSync(join(projectFolder, 'functions', area, name, 'function.ts')),
      );
      if (lost.length === 0) {
        const says = `events.yaml names ${named.length} functions in ${Object.keys(profiles).length} profiles`;
        return [{ state: 'fit', says }];
      }
      return lost.map(({ area, name }) => ({
        state: 'fault',
        says: `events.yaml names ${area}/${name}, but functions/${area}/${name}/function.ts is not there`,
        remedy: 'Bring the file back, or take the function out of events.yaml.',
      }));
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      return [{ state: 'fault', says: error.message, remedy: 'Correct events.yaml: npm run check' }];
    }
  },
};

/** The model that writes scripts, where one is chosen, can be reached. */
export const languageModel: Examination = {
  subject: 'language model',
  look: async ({ config: { languageModel: model }, signal }) => {
    if (model.provider === 'offline') return [{ state: 'fit', says: 'scripts are written offline' }];
    try {
      // Any answer will do: without the key even a refusal shows that somebody is there.
      await (await fetch(model.baseUrl, { signal, redirect: 'manual' })).body?.cancel();
      return [{ state: 'fit', says: `${model.model} at ${model.baseUrl} answers` }];
    } catch {
      return [
        {
          state: 'fault',
          says: `the language model at ${model.baseUrl} cannot be reached`,
          remedy: 'Start it, correct OPENAI_BASE_URL, or choose LANGUAGE_MODEL=offline.',
        },
      ];
    }
  },
};
