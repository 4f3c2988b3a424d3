import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as Engine } from 'engine.io';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import type { Clock } from '#shared/function';
import { fieldErrors, HttpProblem } from '#shared/http';
import type { Listener, Peer, Realtime } from '#shared/realtime';
import type { Log } from '#shared/telemetry';
import { problemOfThrown } from '../problem-answer.ts';
import { invalidRequest } from '../request/invalid-request.ts';
import type { AddressOf, Admission, Asked } from './admission.ts';
import { answerOf, createFrameLimit } from './inbound.ts';

/** Where Socket.IO's clients look for it. */
export const SOCKET_IO_PATH = '/socket.io/';
/** A handshake with a token has some 600. */
const MOST_INBOUND_BYTES = 16_384;
const HANDSHAKE_MS = 10_000;
/** For what was told last to go out. */
const FAREWELL_MS = 500;
/** Handshakes under way beside those who hear. */
const MOST_CLIENTS = 11_000;

const handshake = z.object({
  token: z.string().optional(),
  ticket: z.string().optional(),
  cursor: z.string().max(40).optional(),
});

/** Socket.IO (protocol 5) on the port of all else, by polling and by WebSocket. */
export interface SocketIoDoor {
  request(incoming: IncomingMessage, outgoing: ServerResponse): void;
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes also those who have not said yet who they are. */
  close(): void;
}

interface Own {
  listener?: Listener;
}
type Nothing = Record<string, never>;
type Told = Record<string, (body: object) => void>;
type OwnSocket = Socket<Nothing, Told, Nothing, Own>;

export function createSocketIoDoor({
  admission,
  addressOf,
  realtime,
  clock,
  log,
  allowedOrigins,
  mostClients = MOST_CLIENTS,
}: {
  admission: Admission;
  addressOf: AddressOf;
  realtime: Realtime;
  clock: Clock;
  log: Log;
  allowedOrigins: readonly string[];
  mostClients?: number;
}): SocketIoDoor {
  const engine = new Engine({
    ...{ maxHttpBufferSize: MOST_INBOUND_BYTES, perMessageDeflate: false, httpCompression: false },
    ...{ pingInterval: 25_000, pingTimeout: 20_000, upgradeTimeout: HANDSHAKE_MS },
    cors: { origin: [...allowedOrigins], methods: ['GET', 'POST'] },
    allowRequest: (incoming, decide) => {
      if (realtime.isDraining) return decide('draining', false);
      if (engine.clientsCount >= mostClients) return decide('process-full', false);
      admission.count(addressOf(incoming)).then(
        () => decide(null, true),
        (refused: unknown) => decide(problemOfThrown(refused).code, false),
      );
    },
  });
  const io = new Server<Nothing, Told, Nothing, Own>({ serveClient: false, connectTimeout: HANDSHAKE_MS });
  io.bind(engine);
  // Whatever it sends, and before anybody knows who it is: each attempt to say so asks the database.
  engine.on('connection', (conn: OwnSocket['conn']) => {
    const limit = createFrameLimit(clock);
    conn.on('packet', () => {
      if (!limit.take()) conn.close(true);
    });
  });

  io.use(async (socket, next) => {
    try {
      const { origin, host } = socket.request.headers;
      socket.data.listener = await admission.admit(askedBy(socket.handshake.auth), { origin, host });
      next();
    } catch (thrown) {
      const problem = problemOfThrown(thrown);
      if (problem.status >= 500)
        log.warn({ error: problem.cause ?? problem }, 'a Socket.IO client was refused');
      next(Object.assign(new Error(problem.code), { data: problem.document() }));
    }
  });

  io.on('connection', (socket) => {
    const { listener } = socket.data;
    if (listener === undefined || !isRoom(listener)) return void socket.disconnect(true);
    const leave = realtime.open(peerOf(socket), listener);
    socket.on('disconnect', leave);
    socket.onAny((type: unknown) => {
      const answer = answerOf(String(type));
      socket.emit(answer.type, answer);
    });
  });

  /** Many may have been let in while each waited for an answer. */
  function isRoom({ account }: Listener): boolean {
    try {
      realtime.admit(account);
      return true;
    } catch (refused) {
      if (refused instanceof HttpProblem) return false;
      throw refused;
    }
  }

  return {
    request(incoming, outgoing) {
      outgoing.setHeader('X-Content-Type-Options', 'nosniff');
      outgoing.setHeader('Cache-Control', 'no-store');
      engine.handleRequest(incoming, outgoing);
    },
    upgrade: (incoming, socket, head) => engine.handleUpgrade(incoming, socket, head),
    close: () => void setTimeout(() => engine.close(), FAREWELL_MS).unref(),
  };
}

/** @throws HttpProblem 400 */
function askedBy(auth: unknown): Asked {
  const { data, error } = handshake.safeParse(auth);
  if (data !== undefined) return data;
  throw invalidRequest(fieldErrors({ issues: error.issues, within: 'auth', known: [] }));
}

function peerOf(socket: OwnSocket): Peer {
  const { conn } = socket;
  /** Bytes that the transport has, and that are in line for it: it says when it is ready for more, and no more than that. */
  let handed = 0;
  let queued = 0;
  conn.on('flush', () => {
    [handed, queued] = [queued, 0];
  });
  return {
    get waiting() {
      return queued + (conn.transport.writable ? 0 : handed);
    },
    send({ body, text }) {
      queued += Buffer.byteLength(text);
      socket.emit(body.type, body);
    },
    end(why) {
      socket.emit('end', { type: 'end', data: { why } });
      // Its client connects again by itself only where the connection was lost.
      if (why === 'token-expired' || why === 'session-ended') socket.disconnect(true);
      else conn.close(why === 'too-slow');
    },
  };
}
