import { createServer, type ServerResponse } from 'node:http';
import { freePort } from '../../test/free-port.ts';

/** One call of a function by a gateway. */
export interface GatewayCall {
  readonly path: string;
  /** The last word of the path. */
  readonly function: string;
  readonly authorization: string | undefined;
  readonly event: { readonly id: string; readonly type: string; readonly function: string };
}

/** What a dispatcher takes for a gateway: it notes what it is asked, and answers as the test says. */
export interface GatewayPeer {
  readonly url: string;
  readonly calls: readonly GatewayCall[];
  /** How calls of a function are answered from now on; 202 where nothing is said. */
  answer(name: string, how: (response: ServerResponse) => void): void;
  /** Forgets what it was asked and told. */
  clear(): void;
  /** Lets nobody in; whoever is in is cut off. */
  close(): Promise<void>;
  /** Listens again at the same address. */
  open(): Promise<void>;
}

export const taken = (response: ServerResponse): void => void response.writeHead(202).end();

export async function startGatewayPeer(): Promise<GatewayPeer> {
  const calls: GatewayCall[] = [];
  const answers = new Map<string, (response: ServerResponse) => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const name = path.split('/').at(-1) ?? '';
    const event = JSON.parse(Buffer.concat(chunks).toString()) as GatewayCall['event'];
    calls.push({ path, function: name, authorization: request.headers.authorization, event });
    (answers.get(name) ?? taken)(response);
  });
  const port = await freePort();
  const listen = (): Promise<void> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer: (name, how) => void answers.set(name, how),
    clear() {
      calls.length = 0;
      answers.clear();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    open: listen,
  };
}
