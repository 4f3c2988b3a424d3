import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The topology that ships with the project. */
export const topologyPath = fileURLToPath(new URL('../events.yaml', import.meta.url));

/** Where the keys stand that tokens and links are signed with. */
export function keysFolder(dataDir: string): string {
  return join(dataDir, 'keys');
}
