import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything stands inside the data folder. */
export function dataPaths(dataDir: string): {
  postgres: string;
  artifacts: string;
  work: string;
  keys: string;
} {
  return {
    postgres: join(dataDir, 'postgres'),
    artifacts: join(dataDir, 'objects', 'artifacts'),
    work: join(dataDir, 'work'),
    keys: join(dataDir, 'keys'),
  };
}

/** The topology that ships with the project. */
export const topologyPath = fileURLToPath(new URL('../../events.yaml', import.meta.url));
