import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIncoming } from '#shared/http';
import { freePort } from '../../free-port.ts';
import type { Clock } from './clock.ts';
import { type CloudEvent, type Message, readEvent } from './cloud-event.ts';
import { dispatch, Panic } from './dispatch.ts';
import { type FilterSpec, wants } from './filter.ts';
import { type HttpServer, listen } from './http-server.ts';
import type { Policy } from './policy.ts';

export interface Subscription extends FilterSpec {
  readonly name: string;
  readonly subscriber: string;
  readonly policy: Policy;
}

export interface Counts {
  /** Answered 202, or about to be. */
  accepted: number;
  /** Copies on their way to subscribers. */
  underway: number;
  delivered: number;
  deadLettered: number;
  /** Given up, or gone with a life of the Broker. */
  lost: number;
  panics: number;
}

/** A Broker of the class MTChannelBasedBroker on an in-memory channel: what it holds is in one process. */
export interface Broker {
  /** Where events are posted; the same for all its lives. */
  readonly url: string;
  /** Of all lives. */
  readonly counts: Readonly<Counts>;
  subscribe(subscription: Subscription): void;
  /** kill -9: what it held is lost, whoever waits for an answer is cut off. */
  kill(): Promise<void>;
  /** Again, on the same address. */
  start(): Promise<void>;
  /** For good. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  readonly clock: Clock;
  /** Of its URL. */
  readonly path?: string;
  /** `messaging.knative.dev/async-handler`: answers before it delivers. */
  readonly asynchronous: boolean;
  /** Whole numbers at random: events that come together go out in any order. */
  readonly random: Iterator<number, never>;
  /** What becomes of an accepted event: a copy after each of so many milliseconds. Default: one at once. */
  readonly fate?: (event: CloudEvent) => readonly number[];
}

const PASSED_ON = ['traceparent', 'x-request-id'];
const MAX_BYTES = 4 * 1024 * 1024;
/** Real milliseconds within which events count as come together; the ingress answers after 2 (measured). */
const TOGETHER_MS = 2;
/** Until the kubelet has started a container that died, of the cluster's time. */
const RESTART_MS = 1_000;

export async function createBroker(options: BrokerOptions): Promise<Broker> {
  const { clock, path = '/', asynchronous, random, fate = () => [0] } = options;
  const subscriptions: Subscription[] = [];
  const counts: Counts = { accepted: 0, underway: 0, delivered: 0, deadLettered: 0, lost: 0, panics: 0 };
  let life = new AbortController();
  let server: HttpServer | undefined;
  const port = await freePort();
  let isClosed = false;
  let hand: { deal: () => void; order: number }[] = [];

  /** Puts it among those that came together; they are dealt in any order. */
  function shuffled(): Promise<void> {
    return new Promise((deal) => {
      hand.push({ deal, order: random.next().value });
      if (hand.length > 1) return;
      void sleep(TOGETHER_MS).then(() => {
        const dealt = hand.sort((a, b) => a.order - b.order);
        hand = [];
        for (const each of dealt) each.deal();
      });
    });
  }

  async function fanOut(event: CloudEvent, headers: Message['headers']): Promise<boolean> {
    const { signal } = life;
    async function deliver({ subscriber, policy }: Subscription, afterMs: number): Promise<boolean> {
      counts.underway += 1;
      let end: 'delivered' | 'deadLettered' | 'lost' = 'lost';
      try {
        if (afterMs > 0) await clock.sleep(afterMs, signal);
        // A reply is an event like any other; nothing stops those that answer each other.
        const reply = async (answer: CloudEvent): Promise<void> => void (await fanOut(answer, headers));
        if (!signal.aborted)
          end = await dispatch({ event, headers, subscriber, policy, clock, signal, reply });
      } finally {
        counts.underway -= 1;
        counts[end] += 1;
      }
      return end !== 'lost';
    }
    const takers = subscriptions.filter((subscription) => wants(subscription, event));
    const copies = fate(event).flatMap((afterMs) => takers.map((taker) => deliver(taker, afterMs)));
    try {
      return (await Promise.all(copies)).every(Boolean);
    } catch (error) {
      if (!(error instanceof Panic)) throw error;
      if (!signal.aborted) {
        counts.panics += 1;
        await kill();
        void clock.sleep(RESTART_MS).then(start);
      }
      return false;
    }
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { signal } = life;
    const answer = (status: number): void => {
      if (!signal.aborted) response.writeHead(status).end();
    };
    if (request.method !== 'POST') return answer(405);
    if (request.url !== path) return answer(404);
    const body = await readIncoming(request, { maxBytes: MAX_BYTES, timeoutMs: 10_000 });
    const event = readEvent(request.headers, Buffer.from(body));
    if (event === undefined) return answer(400);
    counts.accepted += 1;
    const headers = passedOn(request);
    await shuffled();
    if (signal.aborted) return;
    const all = fanOut(event, headers);
    if (asynchronous) return answer(202);
    answer((await all) ? 202 : 500);
  }

  async function start(): Promise<void> {
    if (isClosed) return;
    life = new AbortController();
    server = await listen((request, response) => {
      take(request, response).catch(() => response.destroy());
    }, port);
  }

  async function kill(): Promise<void> {
    life.abort();
    await server?.kill();
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}${path}`,
    counts,
    subscribe: (subscription) => void subscriptions.push(subscription),
    kill,
    start,
    async close() {
      isClosed = true;
      await kill();
    },
  };
}

function passedOn({ headers }: IncomingMessage): Message['headers'] {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  );
}
