import type { Answer } from './attempt.ts';
import { type CloudEvent, readEvent } from './cloud-event.ts';

export type Verdict =
  | { readonly is: 'delivered'; readonly reply?: CloudEvent }
  /** `status` and `body` are what a dead letter tells; undefined where it tells nothing. */
  | { readonly is: 'again' | 'never'; readonly status?: number; readonly body: Buffer };

/** Below 500, the statuses after which an event is sent again. */
const AGAIN = new Set([404, 408, 409, 429]);

/**
 * What a subscriber's answer means. A 2xx with a body that is no event is a failure, and nobody learns which; so is an
 * event without an id, and a batch.
 */
export function verdictOf(answer: Answer): Verdict {
  if (answer.is === 'silence')
    return { is: 'again', status: 500, body: Buffer.from(answer.reason.slice(0, 200)) };
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) {
    const isEmpty = body.length === 0 && !Object.keys(headers).some((name) => name.startsWith('ce-'));
    if (isEmpty) return { is: 'delivered' };
    const reply = readEvent(headers, body);
    return reply === undefined ? { is: 'again', body: Buffer.alloc(0) } : { is: 'delivered', reply };
  }
  return { is: status >= 500 || AGAIN.has(status) ? 'again' : 'never', status, body };
}
