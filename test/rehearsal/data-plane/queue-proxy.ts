import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { forwardRequest } from './forward-request.ts';
import { type HttpServer, listen } from './http-server.ts';

/** The sidecar before every process of a Knative Service. */
export interface QueueProxy {
  readonly port: number;
  /** Requests that are being answered or wait for a slot. */
  readonly load: number;
  /** SIGTERM: serves on; resolves once 30 s have passed since the last request. */
  drain(): Promise<void>;
  kill(): Promise<void>;
}

export interface QueueProxyOptions {
  /** Where the process listens. */
  readonly backend: number;
  readonly clock: Clock;
  /** Requests at once that the process gets; 0: no limit. */
  readonly containerConcurrency: number;
  /** Until the answer has ended, ms. */
  readonly timeoutMs: number;
  /** Until the answer begins, ms. */
  readonly responseStartTimeoutMs: number;
}

const QUIET_MS = 30_000;
/** So many times the slots may wait for one. */
const QUEUE = 10;
const LATE = 'request timeout';

export async function startQueueProxy(options: QueueProxyOptions): Promise<QueueProxy> {
  const { clock, containerConcurrency: slots } = options;
  const waiting: (() => void)[] = [];
  let busy = 0;
  let lastRequest = clock.now();

  async function slot(): Promise<boolean> {
    if (slots === 0 || busy < slots) {
      busy += 1;
      return true;
    }
    if (waiting.length >= QUEUE * slots) return false;
    // Whoever leaves hands over the slot.
    await new Promise<void>((resolve) => waiting.push(resolve));
    return true;
  }

  function leave(): void {
    lastRequest = clock.now();
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    lastRequest = clock.now();
    if (!(await slot())) {
      request.resume();
      response.writeHead(503).end('pending request queue full');
      return;
    }
    try {
      await proxy(request, response, options);
    } finally {
      leave();
    }
  }

  const server: HttpServer = await listen((request, response) => void serve(request, response));
  return {
    port: server.port,
    get load() {
      return busy + waiting.length;
    },
    async drain() {
      lastRequest = clock.now();
      for (let left = QUIET_MS; left > 0 || busy > 0; left = lastRequest + QUIET_MS - clock.now())
        await clock.sleep(left > 0 ? left : QUIET_MS);
    },
    kill: server.kill,
  };
}

/**
 * Hands a request to the process and its answer back. One that does not begin in time is 504; one that has begun and
 * does not end in time ends as if it were whole, with 200 and two words more.
 */
async function proxy(
  request: IncomingMessage,
  response: ServerResponse,
  { backend, clock, timeoutMs, responseStartTimeoutMs }: QueueProxyOptions,
): Promise<void> {
  const over = new AbortController();
  const { ended, cut } = forwardRequest(request, response, backend);
  const late = (): void => {
    if (over.signal.aborted) return;
    if (!response.headersSent) response.writeHead(504);
    response.end(LATE);
    cut();
  };
  void clock.sleep(timeoutMs, over.signal).then(late);
  void clock.sleep(responseStartTimeoutMs, over.signal).then(() => {
    if (!response.headersSent) late();
  });
  await ended;
  over.abort();
}
