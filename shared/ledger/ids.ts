import { createHash, randomBytes } from 'node:crypto';
import { Permanent } from '#shared/errors';

const ORDINAL_BITS = 16;
/** How many events one commit may emit: the room that ids of deliveries and runs leave. */
export const MAX_EMITS = 2 ** ORDINAL_BITS - 1;

/** A new run id: version 8 uuid (RFC 9562), ordered by time, the last 16 bits zero for its events' ordinals. */
export function newRunId(now: Date = new Date()): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  const random = randomBytes(8).toString('hex');
  return format(`${time}8${random.slice(0, 3)}a${random.slice(3, 14)}0000`);
}

/** The run id of a request with an `Idempotency-Key`: the same three words, the same run. */
export function runIdFor(request: { owner: string; operation: string; key: string }): string {
  const words = JSON.stringify([request.owner, request.operation, request.key]);
  const hash = createHash('sha256').update(words).digest('hex');
  return format(`${hash.slice(0, 12)}8${hash.slice(12, 15)}a${hash.slice(15, 26)}0000`);
}

/** The id of the n-th event (from 1) that a delivery's commit emits, or that opens a run. */
export function emittedId(origin: string, ordinal: number): string {
  if (ordinal < 1 || ordinal > MAX_EMITS) {
    throw new Permanent(
      'too-many-events',
      `A commit emits at most ${MAX_EMITS} events; this is number ${ordinal}.`,
    );
  }
  return `${origin.slice(0, -4)}${ordinal.toString(16).padStart(4, '0')}`;
}

function format(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
