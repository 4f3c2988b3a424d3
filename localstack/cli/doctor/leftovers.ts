import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findEmbeddedPostgres } from '#shared/database';
import type { Examination, Finding } from './finding.ts';

/** What a platform that was killed left behind. The next start clears all of it away by itself. */
export const leftovers: Examination = {
  subject: 'leftovers',
  look: async ({ config, instance }) => {
    if (instance !== undefined) return [];
    const names: readonly string[] = await readdir(config.dataDir).catch(() => []);
    const found: Omit<Finding, 'subject'>[] = [];
    const left = (says: string) =>
      found.push({ state: 'advice', says, remedy: 'The next start takes it over; nothing to do.' });
    if (names.includes('millrace.lock')) left('the lock of a platform that was killed');
    const work = await readdir(join(config.dataDir, 'work')).catch(() => []);
    if (work.length > 0) left(`${work.length} folders of work that was cut off`);
    const server = await findEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres') });
    if (server !== undefined) left(`a Postgres (process ${server.pid}) whose platform was killed`);
    return found.length > 0 ? found : [{ state: 'fit', says: 'nothing is left of dead processes' }];
  },
};
