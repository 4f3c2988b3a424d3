import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Transient } from '#shared/errors';
import type { WakeUp } from '#shared/ledger';
import { STRUCTURED, wakeUpEvent } from './wake-up-event.ts';

/** Sends one wake-up. @throws Transient `wake-up-not-sent` */
export type PostWakeUp = (wakeUp: WakeUp, signal: AbortSignal) => Promise<void>;

/** Sent side by side at most. */
export const WIDTH = 16;
const LIMIT_MS = 5_000;
/** What is behind the answer's headers says nothing more; so much is read, so that the connection can be used again. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Posts wake-ups as structured CloudEvents. Any answer but 2xx is a failure; a redirect is one too: who follows it makes a
 * GET of it, and the event is gone.
 *
 * @param address where the wake-ups of this function go; without user and password, for it stands in messages
 */
export function createWakeUpPost(options: {
  address: (functionName: string) => string;
  headers?: Readonly<Record<string, string>>;
  /** Of one sending, from the connection to the answer. Default 5 s. */
  limitMs?: number;
  /** Connections at most. */
  width?: number;
}): PostWakeUp {
  const { address, headers = {}, limitMs = LIMIT_MS, width = WIDTH } = options;
  const connection = { keepAlive: true, maxSockets: width, maxFreeSockets: WIDTH };
  const plain = new Agent(connection);
  const secure = once(async () => {
    const https = await import('node:https');
    const agent = new https.Agent(connection);
    return (...[url, more]: Parameters<typeof begin>) => https.request(url, { ...more, agent });
  });
  const begin = (url: URL, more: object): ClientRequest => request(url, { ...more, agent: plain });

  async function post(url: URL, body: string, signal: AbortSignal): Promise<void> {
    const open = url.protocol === 'https:' ? await secure() : begin;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const length = Buffer.byteLength(body);
    const sent = open(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': STRUCTURED, 'content-length': length },
      signal: limit,
    });
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(body);
    const answer = await promise.catch((error: NodeJS.ErrnoException) => {
      // The other end closed a connection that was idle, just now: nobody has had the event.
      if (error.code === 'ECONNRESET' && sent.reusedSocket && !limit.aborted) return 'again' as const;
      throw error;
    });
    if (answer === 'again') return await post(url, body, signal);
    discard(answer);
    const { statusCode = 0 } = answer;
    if (statusCode < 200 || statusCode > 299) throw new Error(`it answered ${statusCode}`);
  }

  return async (wakeUp, signal) => {
    const url = new URL(address(wakeUp.function));
    try {
      await post(url, wakeUpEvent(wakeUp), signal);
    } catch (cause) {
      const { name, message } = cause as Error;
      const why = name === 'AbortError' ? `it had not answered within ${limitMs} ms` : message;
      throw new Transient('wake-up-not-sent', `${url.href} did not take a wake-up: ${why}.`, { cause });
    }
  };
}

function discard(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('error', () => undefined);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) answer.destroy();
  });
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
