import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { freePort } from './free-port.ts';

/** What a broker does with an event that comes: an answer, none at all, or the connection's end. */
export type Fate = number | 'hang' | 'cut' | 'endless answer';

/** Something that takes events as a Broker does, and answers as it is told. */
export interface BrokerPeer {
  readonly url: string;
  /** Events that came, however they were answered, oldest first. */
  readonly events: readonly Record<string, unknown>[];
  /** Requests of other kinds: nobody should follow where a redirect leads. */
  readonly strange: readonly string[];
  /** Most that were being answered at a time. */
  readonly most: () => number;
  answer(fate: Fate | ((event: Record<string, unknown>) => Fate | Promise<Fate>)): void;
  /** Nobody listens any more; `open` again listens at the same address. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startBrokerPeer(): Promise<BrokerPeer> {
  const events: Record<string, unknown>[] = [];
  const strange: string[] = [];
  let decide: (event: Record<string, unknown>) => Fate | Promise<Fate> = () => 202;
  let open = 0;
  let most = 0;
  const port = await freePort();
  const server = createServer(async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    if (method !== 'POST' || url !== '/here' || headers['content-type'] !== 'application/cloudevents+json') {
      strange.push(`${method} ${url} ${headers['content-type']}`);
      response.writeHead(200).end();
      return;
    }
    const event = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    events.push(event);
    give(await decide(event), response);
  });
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen();
  return {
    url: `http://127.0.0.1:${port}/here`,
    events,
    strange,
    most: () => most,
    answer(fate) {
      decide = typeof fate === 'function' ? fate : () => fate;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
    open: listen,
  };
}

function give(fate: Fate, response: ServerResponse): void {
  if (fate === 'hang') return;
  if (fate === 'cut') {
    response.destroy();
    return;
  }
  if (fate === 'endless answer') {
    response.writeHead(202);
    const more = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.once('close', () => clearInterval(more));
    return;
  }
  const elsewhere = fate >= 300 && fate < 400 ? { location: '/elsewhere' } : {};
  response.writeHead(fate, elsewhere).end();
}
