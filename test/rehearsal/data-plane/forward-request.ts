import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';

/** A request on its way through a proxy. */
export interface Forwarded {
  /** Whatever came of it. */
  readonly ended: Promise<void>;
  /** Breaks off the way onward; the answer so far stays as it is. */
  cut(): void;
}

/** Hands a request on to a port of this machine and its answer back, as streams. A connection that breaks is 502. */
export function forwardRequest(request: IncomingMessage, response: ServerResponse, port: number): Forwarded {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { method, url, headers } = request;
  // A connection that was kept may just be closing.
  const onward = send({ host: '127.0.0.1', port, method, path: url, headers, agent: false });
  const broken = (): void => {
    if (!response.headersSent) response.writeHead(502).end('bad gateway');
    else response.destroy();
    end();
  };
  onward.once('error', broken);
  onward.once('response', (answer) => {
    if (response.headersSent) return void answer.destroy();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.once('error', broken);
    answer.once('close', end);
  });
  const cut = (): void => {
    onward.destroy();
    end();
  };
  response.once('close', cut);
  request.pipe(onward);
  return { ended, cut };
}
