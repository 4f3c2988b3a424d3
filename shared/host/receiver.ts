import { Hono } from 'hono';
import type { Metrics } from '#shared/telemetry';
import type { LaneHost } from './lane-host.ts';

/** Bytes of an error body at most: Knative's dispatcher (1.22) breaks on more. */
const MAX_ERROR_BYTES = 768;
/** A wake-up carries nothing; whatever is larger is none. */
const MAX_WAKE_UP_BYTES = 64 * 1024;

/**
 * The HTTP face of a host: wake-ups, health, metrics. A wake-up needs no token: it carries nothing and starts
 * only what is due. It is answered 202 with an empty body, because the ledger is responsible from here.
 */
export function createReceiver(options: {
  host: Pick<LaneHost, 'wake'>;
  metrics: Metrics;
  /** @throws Transient when the ledger cannot be reached */
  health: () => Promise<void>;
}): Hono {
  const { host, metrics, health } = options;
  const app = new Hono();
  app.post('/', async (context) => {
    const type = context.req.header('ce-type') ?? context.req.header('content-type') ?? '';
    const isEvent =
      context.req.header('ce-id') !== undefined || /^application\/cloudevents\+json/i.test(type);
    if (!isEvent)
      return context.json(
        problem(400, 'not-a-cloudevent', 'Send a CloudEvent (binary or structured mode).'),
        400,
      );
    const length = Number(context.req.header('content-length') ?? 0);
    if (length > MAX_WAKE_UP_BYTES) {
      return context.json(
        problem(413, 'wake-up-too-large', `A wake-up has at most ${MAX_WAKE_UP_BYTES} bytes.`),
        413,
      );
    }
    host.wake();
    return context.body(null, 202);
  });
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/_/health', (context) => context.json({ status: 'ok' }));
  app.get('/ready', async (context) => {
    try {
      await health();
      return context.json({ status: 'ready' });
    } catch {
      return context.json(problem(503, 'ledger-unreachable', 'The ledger cannot be reached.'), 503);
    }
  });
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  app.notFound((context) =>
    context.json(problem(404, 'not-found', 'A host has /, /health, /ready and /metrics.'), 404),
  );
  return app;
}

function problem(
  status: number,
  code: string,
  detail: string,
): { status: number; code: string; detail: string } {
  return { status, code, detail: detail.slice(0, MAX_ERROR_BYTES / 2) };
}
