import type { Auth } from '#shared/auth';
import { Transient } from '#shared/errors';
import { HttpProblem, readBytes } from '#shared/http';
import type { Metrics } from '#shared/telemetry';
import type { Admit } from './admission.ts';
import { callerOf } from './caller.ts';
import { type IncomingEvent, readCloudEvent } from './cloud-event.ts';
import type { Commands } from './commands/commands.ts';
import { eventProblem } from './event-problem.ts';
import type { LaneHost } from './lane-host.ts';
import { createRequestFigures, type RequestFigures } from './request-figures.ts';
import { orUnreachable } from './unreachable.ts';
import { readWakeUp, WAKE_UP } from './wake-up.ts';

/** Bytes travel in the object store, never in events; a JobSink takes no more either. */
export const MAX_EVENT_BYTES = 1024 * 1024;
const BODY_MS = 10_000;
const PATHS = new Set(['/', '/command', '/health', '/_/health', '/ready', '/_/ready', '/metrics']);

/** What stands behind the HTTP face of a host. */
export interface ReceiverOptions {
  readonly host: Pick<LaneHost, 'take'>;
  readonly metrics: Pick<Metrics, 'contentType' | 'text'>;
  /** @throws Transient when the ledger cannot be reached */
  readonly health: () => Promise<void>;
  /** Given, whole events and commands of authenticated callers are taken. */
  readonly auth?: Pick<Auth, 'verify'>;
  readonly admit?: Admit;
  readonly commands?: Commands;
}

/** A request, whatever brought it. */
export interface HostRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** By lower-case name; of several the values joined by a comma, as `fetch` has them. */
  readonly headers: Readonly<Record<string, string>>;
  /** @throws HttpProblem 400 `body-cut`, 408 `body-too-slow`, 413 `body-too-large` */
  body(limits: { maxBytes: number; timeoutMs: number }): Promise<Uint8Array>;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
}

export interface HostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** The HTTP face of a host. It needs no class of `fetch`: to load them takes as long as the rest of a cold start. */
export interface Receiver {
  /** Answers failures too. */
  answer(request: HostRequest): Promise<HostAnswer>;
  /** The same for `serve` of #shared/http, or called in-process. */
  fetch(request: Request): Promise<Response>;
  /** From now on `/ready` says no and nothing new is taken; what is under way is answered. */
  drain(): void;
}

/**
 * A wake-up needs no token: it carries nothing and starts only what is due. It is answered 202 with an empty body as
 * soon as the ledger is responsible, 503 when the ledger cannot be reached or no slot is free. So there is one retry
 * machine, the ledger's: no other failure asks a broker to send again.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { host, metrics, health, auth, admit, commands } = options;
  const figures = createRequestFigures();
  let isDraining = false;

  async function takeEvent(request: HostRequest): Promise<HostAnswer> {
    const event = await received(request);
    if (isDraining) throw leaving();
    if (event.type === WAKE_UP) {
      await host.take(readWakeUp(event).delivery);
    } else {
      const { principal } = await callerOf(auth ?? noCallers, request.headers);
      if (admit === undefined) throw elsewhere('events');
      const traceparent = request.headers.traceparent ?? event.attributes.traceparent;
      await admit({ event, caller: principal, traceparent });
    }
    return { status: 202, headers: {}, body: undefined };
  }

  async function takeCommand(request: HostRequest): Promise<HostAnswer> {
    if (commands === undefined || auth === undefined) throw elsewhere('commands');
    const { headers, signal } = request;
    const { principal, token } = await callerOf(auth, headers);
    const event = await received(request);
    if (isDraining) throw leaving();
    const answer = await commands.send({
      type: event.type,
      data: event.data,
      principal,
      token,
      idempotencyKey: headers['idempotency-key'],
      traceparent: headers.traceparent ?? event.attributes.traceparent,
      signal,
    });
    const body = answer.body === undefined ? undefined : JSON.stringify(answer.body);
    return { status: answer.status, headers: answer.headers, body };
  }

  async function readiness(): Promise<HostAnswer> {
    if (isDraining) throw leaving();
    try {
      await health();
      return json({ status: 'ready' });
    } catch (cause) {
      throw new Transient('ledger-unreachable', 'The ledger cannot be reached.', { cause });
    }
  }

  function route(request: HostRequest): Promise<HostAnswer> | HostAnswer {
    const { method, path } = request;
    switch (`${method === 'HEAD' ? 'GET' : method} ${path}`) {
      case 'POST /':
        return takeEvent(request);
      case 'POST /command':
        return takeCommand(request);
      case 'GET /health':
      case 'GET /_/health':
        return json({ status: 'ok' });
      case 'GET /ready':
      case 'GET /_/ready':
        return readiness();
      case 'GET /metrics':
        return exposition(metrics, figures);
      default:
        throw nowhere();
    }
  }

  async function answer(request: HostRequest): Promise<HostAnswer> {
    const started = performance.now();
    const { path } = request;
    let answered: HostAnswer;
    try {
      answered = await route(request);
    } catch (error) {
      answered = eventProblem(orUnreachable(error));
    }
    const seconds = (performance.now() - started) / 1_000;
    // Anybody may ask for any path: each would be a series for ever.
    figures.observe({ route: PATHS.has(path) ? path : 'other', status: answered.status, seconds });
    return answered;
  }

  return {
    answer,
    async fetch(request) {
      const { method, signal } = request;
      const { status, headers, body } = await answer({
        ...{ method, signal },
        path: new URL(request.url).pathname,
        headers: Object.fromEntries(request.headers),
        body: (limits) => readBytes(request, limits),
      });
      return new Response(method === 'HEAD' ? null : (body ?? null), { status, headers });
    },
    drain() {
      isDraining = true;
    },
  };
}

function json(value: unknown): HostAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

async function exposition(metrics: ReceiverOptions['metrics'], figures: RequestFigures): Promise<HostAnswer> {
  const body = `${(await metrics.text()).trimEnd()}\n${figures.text()}`;
  return { status: 200, headers: { 'content-type': metrics.contentType }, body };
}

const noCallers: Pick<Auth, 'verify'> = {
  verify: () => Promise.reject(elsewhere('events')),
};

async function received({ headers, body }: HostRequest): Promise<IncomingEvent> {
  return readCloudEvent({ headers, body: await body({ maxBytes: MAX_EVENT_BYTES, timeoutMs: BODY_MS }) });
}

function leaving(): Transient {
  return new Transient('shutting-down', 'This host is shutting down; another one takes it.');
}

function elsewhere(what: string): HttpProblem {
  return new HttpProblem({ status: 404, code: 'not-here', detail: `This host takes no ${what}.` });
}

function nowhere(): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'not-found',
    detail: 'A host has /, /command, /health, /ready (both also under /_) and /metrics.',
  });
}

/** What a server says that sees the size before the receiver does. */
export function bodyTooLarge(): HttpProblem {
  return new HttpProblem({
    status: 413,
    code: 'body-too-large',
    detail: `An event has at most ${MAX_EVENT_BYTES} bytes, and says how many.`,
  });
}
