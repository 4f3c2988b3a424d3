import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Container } from '../rehearsal/data-plane/process.ts';

/** A function as OpenFaaS deploys it: one pod, started again whenever it ends. */
interface Deployed {
  container: Container;
  restarts: number;
}

/** The gateway of OpenFaaS and the pods behind it, as its documents say that they behave. */
export interface EmulatedGateway {
  readonly url: string;
  readonly deployed: ReadonlyMap<string, Deployed>;
  /** Calls by function. */
  readonly calls: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Its `upstream_timeout`: then it answers 504, whatever the function does. */
const PATIENCE_MS = 8_000;

/**
 * `POST /function/<name>` goes to the function, whose answer is handed back; 404 where there is none, 502 where its pod
 * does not answer.
 *
 * @param loses whether the answer to this call, of all, never comes: the line is cut
 */
export async function startGateway(options: {
  functions: readonly string[];
  start: (name: string) => Container;
  loses: (call: number) => boolean;
}): Promise<EmulatedGateway> {
  const { functions, start, loses } = options;
  const deployed = new Map<string, Deployed>();
  const calls = new Map<string, number>();
  let isClosed = false;
  let counted = 0;

  function keep(name: string): void {
    const container = start(name);
    const restarts = (deployed.get(name)?.restarts ?? -1) + 1;
    deployed.set(name, { container, restarts });
    void container.ended.then(() => {
      if (!isClosed) keep(name);
    });
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const name = /^\/function\/([a-z-]+)$/.exec(incoming.url ?? '')?.[1] ?? '';
    const found = deployed.get(name);
    counted += 1;
    const call = counted;
    if (found === undefined || incoming.method !== 'POST') {
      incoming.resume();
      outgoing.writeHead(404).end();
      return;
    }
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const end = (status: number): void => {
      if (!outgoing.headersSent) outgoing.writeHead(status).end();
    };
    const patience = setTimeout(() => end(504), PATIENCE_MS);
    outgoing.once('close', () => clearTimeout(patience));
    const port = await found.container.ready.catch(() => undefined);
    if (port === undefined) return end(502);
    if (outgoing.headersSent) return;
    const { headers } = incoming;
    const toward = request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers }, (answered) => {
      if (loses(call)) outgoing.destroy();
      else if (!outgoing.headersSent)
        answered.pipe(outgoing.writeHead(answered.statusCode ?? 500, answered.headers));
    });
    toward.on('error', () => end(502));
    incoming.pipe(toward);
  }

  for (const name of functions) keep(name);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deployed,
    calls,
    async close() {
      isClosed = true;
      server.closeAllConnections();
      server.close();
      const all = [...deployed.values()].map(({ container }) => container);
      for (const container of all) container.signal('SIGKILL');
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}
