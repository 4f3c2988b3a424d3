import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { MillraceError, Permanent } from '#shared/errors';
import type { Log } from '#shared/telemetry';
import { boundConnections } from './bound-connections.ts';
import { type ConnectionDoors, takeUpgrades } from './connection-doors.ts';
import { HttpProblem, PROBLEM_TYPE, problemOf } from './problem.ts';
import { answerOnSocket } from './socket-answer.ts';

/** Anything that answers requests: a Hono app, an ingress, a host. */
export interface Application {
  fetch(request: Request, env: object): Response | Promise<Response>;
  /** Called when the server begins to close: end open streams, answer `/ready` with 503. */
  drain?(): void;
  readonly doors?: ConnectionDoors | undefined;
}

export interface RunningServer {
  readonly port: number;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Takes no more requests, lets those under way finish for `graceMs`, then cuts what is left. */
  close(options?: { graceMs?: number }): Promise<void>;
}

/** Milliseconds. A client that sends nothing for so long is cut off. */
const limits = {
  headersTimeout: 10_000,
  /** For the largest upload; whoever reads a body has a limit of its own, which for JSON is much shorter. */
  requestTimeout: 3_660_000,
  keepAliveTimeout: 5_000,
  idleSocket: 120_000,
};
/** With room for 10,000 open streams. */
const connections = { all: 12_288, silent: 1_024 };
const LINGER_MS = 500;
const IDLE_LOOK_MS = 100;

/**
 * Serves an application with limits on slow and idle clients.
 *
 * @throws Permanent `port-taken`, `port-forbidden`, `address-unusable`
 */
export function serve(
  application: Application,
  { port, hostname, log }: { port: number; hostname: string; log?: Log },
): Promise<RunningServer> {
  const listener = getRequestListener((request, env) => application.fetch(request, env), {
    overrideGlobalObjects: false,
    errorHandler: (error) => answerFailure(error, log),
  });
  const { doors } = application;
  return serveListener(
    (incoming, outgoing) =>
      doors?.takesRequest(incoming) === true
        ? doors.request(incoming, outgoing)
        : listener(incoming, outgoing),
    { port, hostname, drain: () => application.drain?.(), doors },
  );
}

/** The same for a listener of Node's own server, which needs no class of `fetch`. @throws Permanent as `serve` */
export async function serveListener(
  listener: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
  {
    port,
    hostname,
    drain = () => undefined,
    doors,
  }: {
    port: number;
    hostname: string;
    drain?: (() => void) | undefined;
    doors?: ConnectionDoors | undefined;
  },
): Promise<RunningServer> {
  const { headersTimeout, requestTimeout, keepAliveTimeout } = limits;
  const server = createServer(
    {
      headersTimeout,
      requestTimeout,
      keepAliveTimeout,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 16_384,
      // Whoever asks for HTTP/2 by the way (RFC 9110, section 7.8) is answered as if he had not.
      shouldUpgradeCallback: (incoming) => doors?.takesUpgrade(incoming) ?? false,
    },
    (incoming, outgoing) => {
      if (closing !== undefined) outgoing.setHeader('Connection', 'close');
      if (hasNeedlessBody(incoming)) discardBody(incoming, outgoing);
      void listener(incoming, outgoing);
    },
  );
  server.setTimeout(limits.idleSocket);
  const { spoke } = boundConnections(server, connections);
  server.on('clientError', (error, socket) => refuse(error, socket as Socket));
  const upgraded = takeUpgrades(server, { doors, spoke });
  await listen(server, { port, hostname });

  let closing: Promise<void> | undefined;
  const bound = boundPort(server);
  return {
    port: bound,
    url: `http://${urlHost(hostname)}:${bound}`,
    close: ({ graceMs = 10_000 } = {}) => {
      closing ??= closeServer(server, { drain, graceMs, upgraded });
      return closing;
    },
  };
}

/**
 * Throws a body away for so long that its sender can read the answer, then ends the connection: closed at once with bytes
 * unread, TCP would take back the answer that is on its way (RFC 9112, section 9.6).
 */
function discardBody(incoming: IncomingMessage, outgoing: ServerResponse): void {
  incoming.resume();
  outgoing.once('finish', () => {
    const cut = setTimeout(() => incoming.socket.destroy(), LINGER_MS);
    incoming.once('close', () => clearTimeout(cut));
    if (incoming.complete) clearTimeout(cut);
  });
}

/** A body that nobody reads, however long. */
function hasNeedlessBody({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && (method === 'GET' || method === 'HEAD');
}

function closeServer(
  server: Server,
  { drain, graceMs, upgraded }: { drain: () => void; graceMs: number; upgraded: ReadonlySet<Duplex> },
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  drain();
  server.closeIdleConnections();
  // One whose answer had begun before is kept alive after it.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
  const cut = setTimeout(() => {
    server.closeAllConnections();
    // The server no longer counts these as its own.
    for (const socket of upgraded) socket.destroy();
  }, graceMs);
  return closed.finally(() => {
    clearTimeout(cut);
    clearInterval(idle);
  });
}

async function listen(server: Server, { port, hostname }: { port: number; hostname: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, port, hostname)));
    server.listen({ port, host: hostname }, resolve);
  });
}

function listenFailure(error: Error, port: number, hostname: string): Permanent {
  const code = 'code' in error ? error.code : undefined;
  const options = { cause: error };
  switch (code) {
    case 'EADDRINUSE':
      return new Permanent(
        'port-taken',
        `Port ${port} is taken by another process; stop it, or set PORT to another one.`,
        options,
      );
    case 'EACCES':
      return new Permanent(
        'port-forbidden',
        `Port ${port} may not be opened by this user; set PORT to one above 1023.`,
        options,
      );
    default:
      return new Permanent(
        'address-unusable',
        `Cannot listen on ${hostname}:${port}: ${error.message}.`,
        options,
      );
  }
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Permanent('address-unusable', 'No TCP port is bound.');
  return address.port;
}

function urlHost(hostname: string): string {
  if (hostname === '0.0.0.0' || hostname === '::') return '127.0.0.1';
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}

/** What never became a request of the application: a broken Host header, a path with a backslash. */
function answerFailure(error: unknown, log: Log | undefined): Response {
  const isRequest = error instanceof Error && error.name === 'RequestError';
  const problem = isRequest
    ? new HttpProblem({ status: 400, code: 'request-invalid', detail: `The request line or Host is wrong.` })
    : problemOf(error);
  if (problem.status >= 500 && !(error instanceof MillraceError)) log?.error({ error }, 'request failed');
  return new Response(JSON.stringify(problem.document()), {
    status: problem.status,
    headers: { 'Content-Type': PROBLEM_TYPE, 'X-Content-Type-Options': 'nosniff' },
  });
}

/** What Node's parser refused before there was a request. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  answerOnSocket(socket, new HttpProblem(parserRefusal(error.code)));
}

function parserRefusal(code: string | undefined): { status: number; code: string; detail: string } {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        code: 'request-too-slow',
        detail: `The headers did not arrive within ${limits.headersTimeout / 1000} s.`,
      };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, code: 'headers-too-large', detail: 'The headers are larger than 16,384 bytes.' };
    default:
      return { status: 400, code: 'request-invalid', detail: 'This is not an HTTP/1.1 request.' };
  }
}
