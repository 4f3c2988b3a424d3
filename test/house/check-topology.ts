import { readdir } from 'node:fs/promises';
import { MillraceError } from '#shared/errors';
import { readTopology } from '#shared/topology';
import type { HouseCheck } from './check.ts';
import { inProject } from './project.ts';

/**
 * `events.yaml` is valid: every event has a schema, a producer, and a consumer or `terminal: true`. Every function
 * in it has its folder, and every folder stands in it.
 */
export const topologyCheck: HouseCheck = {
  name: 'events.yaml, the event catalogue and the functions agree',
  run: async () => {
    try {
      const { functions, commands = [] } = readTopology({ path: inProject('events.yaml') });
      const named = [...functions, ...commands].map(({ area, name }) => `${area}/${name}`);
      const there = await functionFolders();
      return [
        ...named
          .filter((name) => !there.includes(name))
          .map((name) => `functions/${name}/function.ts: is missing, but events.yaml names ${name}`),
        ...there
          .filter((name) => !named.includes(name))
          .map(
            (name) =>
              `functions/${name}/function.ts: is not in events.yaml; add it there, or remove the folder`,
          ),
      ];
    } catch (error) {
      if (error instanceof MillraceError) return error.message.split('\n');
      throw error;
    }
  },
};

/** Folders with a `function.ts`, as `area/name`. */
async function functionFolders(): Promise<readonly string[]> {
  const files = await readdir(inProject('functions'), { recursive: true });
  return files
    .map((path) => path.replaceAll('\\', '/').match(/^([^/]+\/[^/]+)\/function\.ts$/)?.[1])
    .filter((name) => name !== undefined)
    .sort();
}
