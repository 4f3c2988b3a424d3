import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything stands inside the data folder. */
export function dataPaths(dataDir: string): {
  postgres: string;
  artifacts: string;
  /** Files that people put here become runs. */
  inbox: string;
  incoming: string;
  work: string;
  keys: string;
} {
  return {
    postgres: join(dataDir, 'postgres'),
    artifacts: join(dataDir, 'objects', 'artifacts'),
    inbox: join(dataDir, 'inbox'),
    // The store's own place for it, so on the same device: objects that are not whole yet.
    incoming: join(dataDir, 'objects', 'artifacts', '.incoming'),
    work: join(dataDir, 'work'),
    keys: join(dataDir, 'keys'),
  };
}

/** The topology that ships with the project. */
export const topologyPath = fileURLToPath(new URL('../../events.yaml', import.meta.url));
