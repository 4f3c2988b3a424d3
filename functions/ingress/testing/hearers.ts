import { EventSource } from 'eventsource';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

/** What came through a door. */
export interface Told {
  readonly type: string;
  readonly cursor?: string;
  readonly at?: string;
  readonly data: { readonly [name: string]: unknown };
}

/** Somebody who hears through one of the doors, by the client that is made for it. */
export interface Hearer {
  readonly told: readonly Told[];
  /** Of what was heard last. */
  readonly cursor: string | undefined;
  /** The first that fits. */
  until(found: (told: Told) => boolean): Promise<Told>;
  /** Why the other side ended it: a code, or its word for it. */
  readonly ended: Promise<number | string>;
  leave(): void;
}

export interface HearingOptions {
  readonly token?: string;
  readonly ticket?: string;
  readonly cursor?: string | undefined;
}

export type Hear = (url: string, options: HearingOptions) => Hearer;

function heard() {
  const told: Told[] = [];
  const ended = Promise.withResolvers<number | string>();
  return {
    take: (next: Told) => void told.push(next),
    end: (why: number | string) => ended.resolve(why),
    hearer: {
      told,
      ended: ended.promise,
      get cursor() {
        return told.findLast(({ cursor }) => cursor !== undefined)?.cursor;
      },
      async until(found: (told: Told) => boolean): Promise<Told> {
        for (let waited = 0; waited < 20_000; waited += 10) {
          const first = told.find(found);
          if (first !== undefined) return first;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        throw new Error(`It is not among ${JSON.stringify(told).slice(0, 500)}.`);
      },
    },
  };
}

const query = ({ ticket, cursor }: HearingOptions): string =>
  new URLSearchParams({
    ...(ticket === undefined ? {} : { ticket }),
    ...(cursor === undefined ? {} : { cursor }),
  }).toString();
const headersOf = ({ token }: HearingOptions): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

export function openWebSocket(url: string, options: HearingOptions): WebSocket {
  const at = new URL(`/ws/notifications?${query(options)}`, url.replace('http', 'ws'));
  const socket = new WebSocket(at, { headers: headersOf(options) });
  socket.on('error', () => undefined);
  return socket;
}

export const byWebSocket: Hear = (url, options) => {
  const { take, end, hearer } = heard();
  const socket = openWebSocket(url, options);
  socket.on('message', (data) => take(JSON.parse(String(data)) as Told));
  socket.on('unexpected-response', (_, { statusCode = 0 }) => end(statusCode));
  socket.on('close', (code) => end(code));
  return Object.assign(hearer, { leave: () => socket.terminate() });
};

const eventTypes = ['hello', 'reset', 'end', 'message.sent', 'typing', 'run.progressed'];

export const byEventSource: Hear = (url, options) => {
  const { take, end, hearer } = heard();
  const source = new EventSource(new URL(`/api/v1/stream?${query(options)}`, url), {
    fetch: (at, init) => fetch(at, { ...init, headers: { ...init.headers, ...headersOf(options) } }),
  });
  for (const type of eventTypes)
    source.addEventListener(type, ({ data }) => {
      const told = JSON.parse(data) as Told;
      take(told);
      if (type === 'end') leave(String(told.data.why));
    });
  source.addEventListener('error', ({ code }) => leave(code ?? 'lost'));
  const leave = (why: number | string = 'left'): void => {
    source.close();
    end(why);
  };
  return Object.assign(hearer, { leave: () => leave() });
};

const bySocketIoOver =
  (transports: string[]): Hear =>
  (url, { token, ticket, cursor }) => {
    const { take, end, hearer } = heard();
    const socket = io(url, {
      ...{ transports, reconnection: false, forceNew: true },
      auth: { token, ticket, cursor },
    });
    socket.onAny((_, told: Told) => take(told));
    socket.on('connect_error', ({ message }) => end(message));
    socket.on('disconnect', (why) => end(why));
    return Object.assign(hearer, { leave: () => void socket.disconnect() });
  };
export const bySocketIo = bySocketIoOver(['websocket']);
export const bySocketIoPolling = bySocketIoOver(['polling', 'websocket']);
