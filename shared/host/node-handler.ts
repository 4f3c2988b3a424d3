import type { IncomingMessage, ServerResponse } from 'node:http';
import { readIncoming } from '#shared/http';
import type { HostAnswer, HostRequest, Receiver } from './receiver.ts';

/** The receiver behind Node's own server, for `serveListener` of #shared/http. */
export function nodeHandler(receiver: Pick<Receiver, 'answer'>) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const answer = await receiver.answer(hostRequest(incoming, outgoing));
    // What is left of a body that was refused would be read as the next request.
    if (!incoming.complete) outgoing.setHeader('Connection', 'close');
    writeAnswer(answer, outgoing);
  };
}

export function writeAnswer({ status, headers, body }: HostAnswer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, {
    ...headers,
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  outgoing.end(body);
}

/** Of several headers of one name the values joined by a comma, as `fetch` has them. */
export function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  );
}

export function pathOf(url: string | undefined): string {
  return URL.parse(url ?? '/', 'http://host')?.pathname ?? '';
}

function hostRequest(incoming: IncomingMessage, outgoing: ServerResponse): HostRequest {
  return {
    method: incoming.method ?? 'GET',
    path: pathOf(incoming.url),
    headers: headersOf(incoming),
    async body(limits) {
      const body = await readIncoming(incoming, limits);
      // What is asked for now may take minutes without a byte; its own time limit ends it, not the one of idle sockets.
      incoming.socket.setTimeout(0);
      return body;
    },
    get signal() {
      const left = new AbortController();
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) left.abort();
      });
      return left.signal;
    },
  };
}
