import type { Clock } from './clock.ts';
import type { Message } from './cloud-event.ts';

/** What came of one request. */
export type Answer =
  | {
      readonly is: 'answer';
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: Buffer;
    }
  /** Refused, cut, a name that nobody knows, or too late. */
  | { readonly is: 'silence'; readonly reason: string };

/** As many as Go's client follows. */
const REDIRECTS = 10;

/**
 * Posts a message once. Redirects are followed: 301, 302 and 303 as GET without a body, as Go's client does, so that
 * what answers there is taken for the subscriber.
 */
export async function attempt(options: {
  url: string;
  message: Message;
  clock: Clock;
  timeoutMs?: number | undefined;
  signal: AbortSignal;
}): Promise<Answer> {
  const { url, message, clock, timeoutMs, signal } = options;
  const late = new AbortController();
  const over = new AbortController();
  if (timeoutMs !== undefined)
    void clock
      .sleep(timeoutMs, over.signal)
      .then(() => late.abort(new Error(`no answer in ${timeoutMs} ms`)));
  try {
    let target = url;
    let init: RequestInit = { method: 'POST', headers: message.headers, body: new Uint8Array(message.body) };
    for (let followed = 0; ; followed += 1) {
      const response = await fetch(target, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.any([late.signal, signal]),
      });
      const { status, headers } = response;
      const body = Buffer.from(await response.arrayBuffer());
      const location = headers.get('location');
      if (status < 301 || status > 308 || status === 304 || location === null || followed === REDIRECTS)
        return { is: 'answer', status, headers: Object.fromEntries(headers), body };
      target = new URL(location, target).href;
      if (status <= 303) init = { method: 'GET' };
    }
  } catch (error) {
    return { is: 'silence', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    over.abort();
  }
}
