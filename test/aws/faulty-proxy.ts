import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';

/** What becomes of one request. */
export type Fate =
  | 'pass'
  /** Never answered. */
  | 'hang'
  /** The answer is lost: the server got the request whole, the client hears a broken connection. */
  | 'lose answer'
  /** The connection breaks after so many bytes of the request's body. */
  | { readonly cutRequestAfter: number }
  /** The connection breaks after so many bytes of the answer's body. */
  | { readonly cutAnswerAfter: number }
  /** Sent on so much later; milliseconds. */
  | { readonly delayMs: number }
  /** One bit of the request's body, or of the answer's, is another. */
  | { readonly flip: 'request' | 'answer' }
  | { readonly status: number; readonly code: string };

export interface FaultyProxy {
  readonly endpoint: string;
  /** Requests that came, `PUT /bucket/key?partNumber=1&uploadId=`…, in order. */
  readonly requests: readonly string[];
  /** Decides the fate of every request from now on. */
  decide(fate: (request: { method: string; url: string; count: number }) => Fate): void;
  close(): Promise<void>;
}

/** A proxy of one HTTP server that breaks what it is told to. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let fateOf: Parameters<FaultyProxy['decide']>[0] = () => 'pass';
  const requests: string[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url}`);
    count += 1;
    const fate = fateOf({ method, url, count });
    if (fate === 'hang') return;
    if (typeof fate === 'object' && 'status' in fate) refuse(request, response, fate);
    else if (typeof fate === 'object' && 'delayMs' in fate)
      setTimeout(() => pass({ target, request, response, fate }), fate.delayMs);
    else pass({ target, request, response, fate });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests,
    decide(fate) {
      count = 0;
      fateOf = fate;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code }: { status: number; code: string },
): void {
  request.resume();
  request.once('end', () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Told to.</Message></Error>`;
    response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
  });
}

function pass(options: {
  target: string;
  request: IncomingMessage;
  response: ServerResponse;
  fate: Exclude<Fate, { status: number }>;
}): void {
  const { target, request, response, fate } = options;
  const { hostname, port } = new URL(target);
  const { method, url, headers } = request;
  const cut = (): void => void request.socket.destroy();
  const onward = forward({ hostname, port, method, path: url, headers }, (answer) => {
    if (fate === 'lose answer') {
      answer.resume();
      answer.once('end', cut);
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    const most = typeof fate === 'object' && 'cutAnswerAfter' in fate ? fate.cutAnswerAfter : Infinity;
    let sent = 0;
    if (isFlipped(fate, 'answer')) flipBit(answer);
    answer.on('data', (chunk: Buffer) => {
      if (sent + chunk.length > most) {
        response.write(chunk.subarray(0, most - sent), cut);
        answer.destroy();
        return;
      }
      sent += chunk.length;
      if (response.write(chunk)) return;
      answer.pause();
      response.once('drain', () => answer.resume());
    });
    answer.once('end', () => response.end());
    answer.once('error', cut);
  });
  onward.once('error', cut);
  response.once('close', () => onward.destroy());
  const most = typeof fate === 'object' && 'cutRequestAfter' in fate ? fate.cutRequestAfter : Infinity;
  let received = 0;
  if (isFlipped(fate, 'request')) flipBit(request);
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > most) {
      onward.destroy();
      cut();
      return;
    }
    if (onward.write(chunk)) return;
    request.pause();
    onward.once('drain', () => request.resume());
  });
  request.once('end', () => onward.end());
  request.once('error', () => onward.destroy());
}

function isFlipped(fate: Fate, side: 'request' | 'answer'): boolean {
  return typeof fate === 'object' && 'flip' in fate && fate.flip === side;
}

/** One bit of the first kilobytes that come, in place: who listens after this reads it so. */
function flipBit(message: IncomingMessage): void {
  const flip = (chunk: Buffer): void => {
    // What is shorter frames the body, and is none of it.
    if (chunk.length < 1_024) return;
    const at = chunk.length >> 1;
    chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at);
    message.off('data', flip);
  };
  message.on('data', flip);
}
