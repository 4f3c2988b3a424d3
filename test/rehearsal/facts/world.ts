import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach } from 'vitest';
import { numbersFrom } from '../../seed.ts';
import { type Broker, type BrokerOptions, createBroker } from '../data-plane/broker.ts';
import { createManualClock, type ManualClock } from '../data-plane/clock.ts';
import { type HttpServer, listen } from '../data-plane/http-server.ts';
import { type DeliverySpec, policyOf } from '../data-plane/policy.ts';

/** One request as a subscriber got it. */
export interface Received {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a subscriber does with a request. */
export type Reaction =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'reset'
  | 'hang';

export interface Subscriber extends HttpServer {
  readonly requests: readonly Received[];
}

/** A broker, subscribers and time of one test. */
export interface World {
  readonly clock: ManualClock;
  broker(options?: Partial<BrokerOptions>): Promise<Broker>;
  subscriber(react?: (request: Received, count: number) => Reaction | Promise<Reaction>): Promise<Subscriber>;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Closed when the test ends. */
export function createWorld(): World {
  const clock = createManualClock();
  return {
    clock,
    async broker(options = {}) {
      const broker = await createBroker({
        clock,
        asynchronous: false,
        random: numbersFrom('facts'),
        ...options,
      });
      closers.push(broker.close);
      return broker;
    },
    async subscriber(react = () => ({ status: 202 })) {
      const requests: Received[] = [];
      const server = await listen(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        );
        const received = {
          method: request.method ?? '',
          headers,
          body: Buffer.concat(chunks).toString('utf8'),
        };
        requests.push(received);
        const reaction = await react(received, requests.length);
        if (reaction === 'hang') return;
        if (reaction === 'reset') return void request.socket.resetAndDestroy();
        response.writeHead(reaction.status, reaction.headers).end(reaction.body);
      });
      closers.push(server.kill);
      return { ...server, requests };
    },
  };
}

let count = 0;

/** Posts an event in binary mode, on a connection of its own; answers the status. */
export async function post(
  url: string,
  event: { headers?: Record<string, string>; body?: string } = {},
): Promise<number> {
  count += 1;
  const headers = {
    ...{ 'ce-specversion': '1.0', 'ce-id': `event-${count}`, 'ce-source': 'urn:test', 'ce-type': 'test' },
    ...event.headers,
  };
  const asked = request(url, { method: 'POST', headers, agent: false });
  asked.end(event.body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

/** A subscription that wants everything. */
export function everything(subscriber: { url: string }, delivery?: DeliverySpec) {
  return { name: 'everything', subscriber: subscriber.url, policy: policyOf(delivery) };
}
