import { createHash, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const slowHash = promisify<string, string, number, object, Buffer>(scrypt);

/**
 * What a kept answer remembers of its request, to tell another body under the same key. A body with secrets is hashed
 * as a password is (scrypt, RFC 7914, salted with the event's id): a stolen database must not tell them.
 */
export async function requestHash(request: {
  data: unknown;
  hasSecrets: boolean;
  event: string;
}): Promise<string> {
  const text = JSON.stringify(sorted(request.data));
  if (!request.hasSecrets) return createHash('sha256').update(text).digest('hex');
  return (await slowHash(text, request.event, 32, { N: 2 ** 14, r: 8, p: 1 })).toString('hex');
}

/** The order of an object's fields says nothing. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, entry]) => [name, sorted(entry)]));
}
