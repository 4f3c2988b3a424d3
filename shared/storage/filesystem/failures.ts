import { MillraceError, Permanent, Transient } from '#shared/errors';
import { aborted } from '../failures.ts';

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What a failed write means to the caller; anything unforeseen passes as it is. */
export function writeFailure(error: unknown, key: string, signal?: AbortSignal): unknown {
  if (error instanceof MillraceError) return error;
  if (signal?.aborted) return aborted(signal, key);
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Transient('disk-full', `The disk is full: "${key}" was not stored; free some space.`, {
        retryAfterMs: 30_000,
        cause: error,
      });
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new Permanent(
        'key-blocked',
        `"${key}" cannot be stored: in a filesystem one name cannot be an object and the folder of others.`,
        { field: 'key', cause: error },
      );
    default:
      return error;
  }
}
