import { join } from 'node:path';

/** Where a finished file stands on this machine: the filesystem store keeps objects under their keys. */
export function productPath({ dataDir, run, name }: { dataDir: string; run: string; name: string }): string {
  return join(dataDir, 'objects', 'artifacts', 'output', run, name);
}
