import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connect } from '#shared/database';

/** A fresh, empty database on the run's shared Postgres. */
export interface TestDatabase {
  readonly url: string;
  /** Ends every session on it and removes it. */
  drop(): Promise<void>;
}

/** Call it in `beforeAll` (or per test: it takes about 30 ms); drop it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const answer = await fetch(inject('databaseDesk'));
  const shared = await answer.text();
  if (!answer.ok) throw new Error(`The shared test database did not start: ${shared}`);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(shared, `CREATE DATABASE ${name}`);
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(shared, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function administer(url: string, statement: string): Promise<void> {
  const pool = connect({ url, max: 1, applicationName: 'test-desk' });
  await pool.query(statement).finally(() => pool.end());
}
