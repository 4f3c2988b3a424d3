import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { eventProblem } from './event-problem.ts';
import { bodyTooLarge, MAX_EVENT_BYTES, type Receiver } from './receiver.ts';

/** What functions-framework hands to a function of its `http` signature: an Express request whose body it has read. */
type FrameworkRequest = IncomingMessage & { readonly rawBody?: Buffer; readonly originalUrl?: string };

/** The receiver as a function of the `http` signature; with it every answer is in our hands. */
export function frameworkHandler(receiver: Receiver) {
  return async (incoming: FrameworkRequest, outgoing: ServerResponse): Promise<void> => {
    await answer(await receiver.fetch(webRequest(incoming)), outgoing);
  };
}

/**
 * A server of functions-framework (5) around the receiver, not yet listening. The framework would read a gigabyte
 * into memory and answer JSON that is none by itself, with a page: so bodies are limited and named bytes before it.
 */
export function createFrameworkServer(receiver: Receiver): Server {
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
      void answer(eventProblem(bodyTooLarge()), outgoing);
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

function webRequest(incoming: FrameworkRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (types.has(incoming)) {
    const type = types.get(incoming);
    if (type === undefined) headers.delete('content-type');
    else headers.set('content-type', type);
  }
  const { method = 'GET', rawBody } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD' && rawBody !== undefined && rawBody.length > 0;
  return new Request(`http://host${incoming.originalUrl ?? incoming.url ?? '/'}`, {
    method,
    headers,
    body: hasBody ? new Uint8Array(rawBody) : null,
  });
}

async function answer(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => {
    outgoing.setHeader(name, value);
  });
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
