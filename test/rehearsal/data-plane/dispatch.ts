import { attempt } from './attempt.ts';
import type { Clock } from './clock.ts';
import { type CloudEvent, type Message, writeEvent } from './cloud-event.ts';
import type { Policy } from './policy.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** More than this, in base64, does not fit into `knativeerrordata`: Eventing 1.22 panics instead of cutting it. */
const ERROR_BODY = 768;

/** The dispatcher's process is gone, with all that it held. */
export class Panic extends Error {}

/** One event to one subscriber. */
export interface Dispatch {
  readonly event: CloudEvent;
  /** That are passed on. */
  readonly headers: Message['headers'];
  readonly subscriber: string;
  readonly policy: Policy;
  readonly clock: Clock;
  /** Of the process: aborted when it is killed. */
  readonly signal: AbortSignal;
  /** Takes what the subscriber answered with. */
  reply(event: CloudEvent): Promise<void>;
}

/**
 * Sends until it is delivered, refused for good, or all retries are used up; then to the dead-letter sink, if there is
 * one, by the same policy. `Retry-After` is not looked at. Answers who has it in the end.
 *
 * @throws Panic
 */
export async function dispatch(work: Dispatch): Promise<'delivered' | 'deadLettered' | 'lost'> {
  const { event, subscriber, policy, signal } = work;
  const verdict = await send(work, event, subscriber);
  if (signal.aborted) return 'lost';
  if (verdict.is === 'delivered') {
    if (verdict.reply !== undefined) await work.reply(verdict.reply);
    return 'delivered';
  }
  if (policy.deadLetters === undefined) return 'lost';
  if (verdict.body.length > ERROR_BODY) throw new Panic(`an error body of ${verdict.body.length} bytes`);
  const letter = { ...event, attributes: { ...event.attributes, ...reasonOf(verdict, subscriber) } };
  return (await send(work, letter, policy.deadLetters)).is === 'delivered' ? 'deadLettered' : 'lost';
}

async function send(work: Dispatch, event: CloudEvent, url: string): Promise<Verdict> {
  const { policy, clock, signal } = work;
  const message = writeEvent(event);
  const headers = { ...work.headers, ...message.headers };
  for (let tries = 0; ; tries += 1) {
    const answer = await attempt({
      ...{ url, clock, signal, timeoutMs: policy.timeoutMs },
      message: { ...message, headers },
    });
    const verdict = verdictOf(answer);
    if (verdict.is !== 'again' || tries === policy.retries || signal.aborted) return verdict;
    await clock.sleep(policy.wait(tries), signal);
  }
}

function reasonOf(verdict: Verdict & { is: 'again' | 'never' }, subscriber: string): Record<string, string> {
  if (verdict.status === undefined) return {};
  return {
    knativeerrordest: subscriber,
    knativeerrorcode: String(verdict.status),
    knativeerrordata: verdict.body.toString('base64'),
  };
}
