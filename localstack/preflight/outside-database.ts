import { connect } from '#shared/database';
import type { Check } from './check.ts';

const LIMIT_MS = 5_000;

/** The database of DATABASE_URL, where it is set, answers. */
export const outsideDatabaseCheck: Check = async ({ config }) => {
  const url = config.databaseUrl?.reveal();
  if (url === undefined) return { ok: true, note: '' };
  const pool = connect({
    url,
    max: 1,
    applicationName: 'millrace preflight',
    statementTimeoutMs: LIMIT_MS,
    connectionTimeoutMs: LIMIT_MS,
  });
  try {
    await pool.query('select 1');
    return { ok: true, note: 'the database of DATABASE_URL answers' };
  } catch (error) {
    const { hostname, port, pathname } = new URL(url);
    // The driver's words name host and user, never the password.
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problem: `The database of DATABASE_URL (${hostname}:${port || 5432}${pathname}) does not answer: ${reason}.`,
      remedy: 'Start it, or correct DATABASE_URL. Without it, Millrace uses its own Postgres.',
    };
  } finally {
    await pool.end();
  }
};
