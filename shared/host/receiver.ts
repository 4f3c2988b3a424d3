import { Hono } from 'hono';
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
import { orUnreachable } from './unreachable.ts';
import { readWakeUp, WAKE_UP } from './wake-up.ts';

/** Bytes travel in the object store, never in events; a JobSink takes no more either. */
export const MAX_EVENT_BYTES = 1024 * 1024;
const BODY_MS = 10_000;

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

/** The HTTP face of a host, for `serve` of #shared/http, for functions-framework, or called in-process. */
export interface Receiver {
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
  let isDraining = false;
  const app = new Hono();

  app.onError((error) => eventProblem(orUnreachable(error)));
  app.post('/', async (context) => {
    const event = await received(context.req.raw);
    if (isDraining) throw leaving();
    if (event.type === WAKE_UP) {
      await host.take(readWakeUp(event).delivery);
    } else {
      const { principal } = await callerOf(auth ?? noCallers, context.req.raw.headers);
      if (admit === undefined) throw elsewhere('events');
      const traceparent = context.req.header('traceparent') ?? event.attributes.traceparent;
      await admit({ event, caller: principal, traceparent });
    }
    return context.body(null, 202);
  });
  app.post('/command', async (context) => {
    if (commands === undefined || auth === undefined) throw elsewhere('commands');
    const { headers, signal } = context.req.raw;
    const { principal, token } = await callerOf(auth, headers);
    const event = await received(context.req.raw);
    if (isDraining) throw leaving();
    const answer = await commands.send({
      type: event.type,
      data: event.data,
      principal,
      token,
      idempotencyKey: headers.get('idempotency-key') ?? undefined,
      traceparent: headers.get('traceparent') ?? event.attributes.traceparent,
      signal,
    });
    const body = answer.body === undefined ? null : JSON.stringify(answer.body);
    return new Response(body, { status: answer.status, headers: answer.headers });
  });
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/_/health', (context) => context.json({ status: 'ok' }));
  app.get('/ready', async (context) => {
    if (isDraining) throw leaving();
    try {
      await health();
      return context.json({ status: 'ready' });
    } catch (cause) {
      throw new Transient('ledger-unreachable', 'The ledger cannot be reached.', { cause });
    }
  });
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  app.notFound(() =>
    eventProblem(
      new HttpProblem({
        status: 404,
        code: 'not-found',
        detail: 'A host has /, /command, /health, /_/health, /ready and /metrics.',
      }),
    ),
  );

  return {
    fetch: async (request) => app.fetch(request),
    drain() {
      isDraining = true;
    },
  };
}

const noCallers: Pick<Auth, 'verify'> = {
  verify: () => Promise.reject(elsewhere('events')),
};

async function received(request: Request): Promise<IncomingEvent> {
  const body = await readBytes(request, { maxBytes: MAX_EVENT_BYTES, timeoutMs: BODY_MS });
  return readCloudEvent({ headers: request.headers, body });
}

function leaving(): Transient {
  return new Transient('shutting-down', 'This host is shutting down; another one takes it.');
}

function elsewhere(what: string): HttpProblem {
  return new HttpProblem({ status: 404, code: 'not-here', detail: `This host takes no ${what}.` });
}

/** What a server says that sees the size before the receiver does. */
export function bodyTooLarge(): HttpProblem {
  return new HttpProblem({
    status: 413,
    code: 'body-too-large',
    detail: `An event has at most ${MAX_EVENT_BYTES} bytes, and says how many.`,
  });
}
