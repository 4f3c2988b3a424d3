import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '#shared/function';
import { answerOnSocket } from '#shared/http';
import { frameOf, type Listener, type Peer, type Realtime } from '#shared/realtime';
import type { Log } from '#shared/telemetry';
import { problemOfThrown } from '../problem-answer.ts';
import { type AddressOf, type Admission, askedBy } from './admission.ts';
import { endCodes, faultCodes } from './close-codes.ts';
import { answerTo, createFrameLimit } from './inbound.ts';

export const WEB_SOCKET_PATH = '/ws/notifications';
/** Milliseconds. Who answers no ping until the next one is gone. */
const PING_MS = 25_000;
/** For a closing handshake; who is too slow would not get to it. */
const CLOSE_MS = 2_000;
/** Of what a client sends, which is no more than a word. */
const MOST_INBOUND_BYTES = 4_096;

/** The WebSocket of `/ws/notifications`. */
export interface WebSocketDoor {
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Stops asking for signs of life. */
  close(): void;
}

export function createWebSocketDoor({
  admission,
  addressOf,
  realtime,
  clock,
  log,
  pingMs = PING_MS,
}: {
  admission: Admission;
  addressOf: AddressOf;
  realtime: Realtime;
  clock: Clock;
  log: Log;
  pingMs?: number;
}): WebSocketDoor {
  const server = new WebSocketServer({
    ...{ noServer: true, clientTracking: false },
    // Its memory would be more than all else of a connection.
    ...{ perMessageDeflate: false, maxPayload: MOST_INBOUND_BYTES },
  });
  /** Whether each gave a sign of life since the last ping. */
  const open = new Map<WebSocket, boolean>();
  const pinging = setInterval(() => {
    for (const [socket, isAlive] of open) {
      if (!isAlive) {
        socket.terminate();
        continue;
      }
      open.set(socket, false);
      socket.ping();
    }
  }, pingMs).unref();

  function welcome(socket: WebSocket, listener: Listener): void {
    open.set(socket, true);
    const limit = createFrameLimit(clock);
    const leave = realtime.open(peerOf(socket), listener);
    const refuse = (fault: keyof typeof faultCodes): void => socket.close(faultCodes[fault].code, fault);
    socket.on('pong', () => open.set(socket, true));
    // What the other side does against the protocol; it is closed with the code for that.
    socket.on('error', (error) => log.debug({ error }, 'a WebSocket broke off'));
    socket.on('close', () => {
      open.delete(socket);
      leave();
    });
    socket.on('message', (data, isBinary) => {
      open.set(socket, true);
      if (isBinary) return refuse('binary-frame');
      if (!limit.take()) return refuse('frames-too-many');
      const answer = answerTo(textOf(data));
      if (answer === undefined) return refuse('frame-invalid');
      socket.send(frameOf(answer).text);
    });
  }

  return {
    upgrade(incoming, socket, head) {
      const { origin, host } = incoming.headers;
      Promise.resolve()
        .then(() => admission.count(addressOf(incoming)))
        .then(() => admission.admit(askedBy(incoming), { origin, host }))
        .then((listener) => {
          // Asked again in the moment that it is taken: many may have been let in while each waited for an answer.
          realtime.admit(listener.account);
          server.handleUpgrade(incoming, socket, head, (opened) => welcome(opened, listener));
        })
        .catch((refused: unknown) => {
          const problem = problemOfThrown(refused);
          if (problem.status >= 500) log.warn({ error: problem.cause ?? problem }, 'a WebSocket was refused');
          answerOnSocket(socket, problem);
        });
    },
    close: () => clearInterval(pinging),
  };
}

function peerOf(socket: WebSocket): Peer {
  return {
    get waiting() {
      return socket.bufferedAmount;
    },
    send: ({ text }) => socket.send(text),
    end(why) {
      socket.close(endCodes[why].code, why);
      const cut = setTimeout(() => socket.terminate(), CLOSE_MS).unref();
      socket.once('close', () => clearTimeout(cut));
    },
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}
