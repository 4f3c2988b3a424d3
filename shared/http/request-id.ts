import { randomUUID } from 'node:crypto';

/** The caller's id where it is a plain word of at most 64 characters, else one of our own. */
export function requestId(header: string | undefined): string {
  return header !== undefined && /^[\w.:-]{1,64}$/.test(header) ? header : randomUUID();
}
