import { join } from 'node:path';
import { keysFolder } from '../../platform/paths.ts';

/** Where everything but the objects stands inside the data folder. */
export function dataPaths(dataDir: string): {
  postgres: string;
  incoming: string;
  work: string;
  keys: string;
} {
  return {
    postgres: join(dataDir, 'postgres'),
    // The store's own place for it, so on the same device: objects that are not whole yet.
    incoming: join(dataDir, 'objects', 'artifacts', '.incoming'),
    work: join(dataDir, 'work'),
    keys: keysFolder(dataDir),
  };
}

export { topologyPath } from '../../platform/paths.ts';
