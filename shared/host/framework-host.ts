import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { eventProblem } from './event-problem.ts';
import { headersOf, pathOf, writeAnswer } from './node-handler.ts';
import { bodyTooLarge, type HostRequest, MAX_EVENT_BYTES, type Receiver } from './receiver.ts';

/** What functions-framework hands to a function of its `http` signature: an Express request whose body it has read. */
type FrameworkRequest = IncomingMessage & { readonly rawBody?: Buffer; readonly originalUrl?: string };

/** The receiver as a function of the `http` signature; with it every answer is in our hands. */
export function frameworkHandler(receiver: Receiver) {
  return async (incoming: FrameworkRequest, outgoing: ServerResponse): Promise<void> => {
    writeAnswer(await receiver.answer(hostRequest(incoming)), outgoing);
  };
}

/**
 * A server of functions-framework (5) around the receiver, not yet listening. The framework would read a gigabyte
 * into memory and answer JSON that is none by itself, with a page: so bodies are limited and named bytes before it. It is
 * loaded here and nowhere else: it brings `node:domain`, which slows every emitter of its process.
 */
export async function createFrameworkServer(receiver: Receiver): Promise<Server> {
  const [{ http }, { getTestServer }] = await Promise.all([
    import('@google-cloud/functions-framework'),
    import('@google-cloud/functions-framework/testing'),
  ]);
  const name = `millrace-${randomUUID()}`;
  http(name, frameworkHandler(receiver));
  const server = getTestServer(name);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  const [framework] = server.listeners('request') as ((
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ) => void)[];
  server.removeAllListeners('request');
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { headers } = incoming;
    if (
      Number(headers['content-length'] ?? 0) > MAX_EVENT_BYTES ||
      headers['transfer-encoding'] !== undefined
    ) {
      outgoing.setHeader('Connection', 'close');
      writeAnswer(eventProblem(bodyTooLarge()), outgoing);
      return;
    }
    types.set(incoming, headers['content-type']);
    headers['content-type'] = 'application/octet-stream';
    framework?.(incoming, outgoing);
  });
  return server;
}

/** What requests of {@link createFrameworkServer} said of their bodies. */
const types = new WeakMap<IncomingMessage, string | undefined>();

function hostRequest(incoming: FrameworkRequest): HostRequest {
  const { 'content-type': _, ...headers } = headersOf(incoming);
  const type = types.has(incoming) ? types.get(incoming) : incoming.headers['content-type'];
  return {
    method: incoming.method ?? 'GET',
    path: pathOf(incoming.originalUrl ?? incoming.url),
    headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
    async body({ maxBytes }) {
      const { rawBody = Buffer.alloc(0) } = incoming;
      if (rawBody.length > maxBytes) throw bodyTooLarge();
      return rawBody;
    },
    // The framework does not say when a caller leaves.
    signal: new AbortController().signal,
  };
}
