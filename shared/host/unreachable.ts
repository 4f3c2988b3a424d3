import { Transient } from '#shared/errors';

const CODES = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08|53|57P)/;
/** Words of the driver and of its pool, whose errors have no code. */
const WORDS =
  /connection (terminated|timeout)|not queryable|query read timeout|timeout exceeded when trying to connect/i;

/**
 * Node's errors of sockets and names, Postgres classes 08, 53 (no session, disk or memory left) and 57P, and what the driver
 * says of a lost session.
 */
export function isConnectionError(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return CODES.test(String(code ?? '')) || WORDS.test(String(message ?? ''));
}

/** For callers outside: a lost database is a reason to send again (503), not a fault of ours (500). */
export function orUnreachable(error: unknown): unknown {
  if (!isConnectionError(error)) return error;
  return new Transient('ledger-unreachable', 'The ledger cannot be reached.', { cause: error });
}
