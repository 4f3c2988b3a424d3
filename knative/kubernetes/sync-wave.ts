const WAVE = 'argocd.argoproj.io/sync-wave';

/** Argo CD applies wave by wave, and waits for the health of each: what the migration needs, itself, all the rest. */
export const beforeMigration = { [WAVE]: '-2' };
export const migrationWave = { [WAVE]: '-1' };
