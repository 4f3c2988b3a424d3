import type { Profile, Topology } from './model.ts';
import type { Page } from './page-schema.ts';
import type { Problems } from './problems.ts';

/** Beside its work a host renews its lease, by a session that work cannot block. */
const LEASE_SESSIONS = 1;

/** Most sessions with the database that the work of one host has at a time. */
export function poolSize({ concurrency }: Pick<Profile, 'concurrency'>): number {
  return Math.min(concurrency + 1, 4);
}

/** What one function may hold when all its pods are there. */
export interface FunctionSessions {
  readonly name: string;
  readonly pods: number;
  readonly each: number;
  readonly all: number;
}

/** Sessions of every function: pods × (pool + lease). A Job works on one delivery. */
export function functionSessions({
  profiles,
  functions,
}: Pick<Topology, 'profiles' | 'functions'>): readonly FunctionSessions[] {
  return functions.map(({ name, profile }) => {
    const { run = 'service', concurrency = 1, scale } = profiles[profile] ?? {};
    const pods = scale?.max ?? 1;
    const each = poolSize({ concurrency: run === 'job' ? 1 : concurrency }) + LEASE_SESSIONS;
    return { name, pods, each, all: pods * each };
  });
}

/** All pods of all functions at once, and the platform's own, find a session; else the last ones starve. */
export function checkSessions(options: { topology: Topology; page: Page; problems: Problems }): void {
  const { topology, page, problems } = options;
  const { database } = page;
  if (database === undefined) return;
  const { connections, platform } = database;
  const sessions = functionSessions(topology);
  const needed = sessions.reduce((sum, { all }) => sum + all, platform);
  if (needed <= connections) return;
  const largest = [...sessions].sort((a, b) => b.all - a.all).slice(0, 3);
  problems.add(
    ['database', 'connections'],
    `${connections} is below ${needed}, which is ${platform} of the platform and pods × sessions of every function ` +
      `(most: ${largest.map(({ name, pods, each, all }) => `${name} ${pods} × ${each} = ${all}`).join(', ')}); ` +
      'raise it and what the pooler takes, or lower scale.max',
  );
}
