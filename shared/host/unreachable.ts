import { Transient } from '#shared/errors';

/** Node's socket errors, Postgres classes 08 and 57P, and the pool's own time limit. */
export function isConnectionError(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|08|57P)/.test(String(code ?? '')) ||
    /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(String(message ?? ''))
  );
}

/** For callers outside: a lost database is a reason to send again (503), not a fault of ours (500). */
export function orUnreachable(error: unknown): unknown {
  if (!isConnectionError(error)) return error;
  return new Transient('ledger-unreachable', 'The ledger cannot be reached.', { cause: error });
}
