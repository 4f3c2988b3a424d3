import type { Ledger } from '#shared/ledger';
import type { Log } from '#shared/telemetry';
import { defineRoute, type Route } from '../route.ts';
import { readiness } from '../schemas/health.ts';
import type { OpenStreams } from '../streams/open-streams.ts';

/** Milliseconds. Whoever asks wants an answer, not a queue. */
const PATIENCE = 5_000;

export function readyRoute({
  ledger,
  streams,
  log,
  checks = async () => ({}),
}: {
  ledger: Ledger;
  streams: OpenStreams;
  log: Log;
  checks?: (() => Promise<Record<string, string>>) | undefined;
}): Route {
  async function look(): Promise<Record<string, string>> {
    if (streams.draining) return { process: 'shutting down' };
    const [ledgerState, others] = await Promise.all([
      within(ledger.health()).then(
        () => 'ok',
        (error: unknown) => failed('ledger', error),
      ),
      within(checks()).catch((error: unknown) => ({ checks: failed('checks', error) })),
    ]);
    return { ledger: ledgerState, ...others };
  }

  function failed(name: string, error: unknown): string {
    log.warn({ error, check: name }, 'not ready');
    return 'cannot be reached';
  }

  return defineRoute({
    method: 'get',
    path: '/ready',
    operationId: 'ready',
    tag: 'Platform',
    summary: 'Can it take requests?',
    access: 'public',
    rate: 'free',
    responses: {
      200: { description: 'It can.', schema: readiness },
      503: { description: 'It cannot now; `checks` says why.', schema: readiness },
    },
    async handle({ c }) {
      const checks = await look();
      const ready = Object.values(checks).every((state) => state === 'ok');
      return c.json({ status: ready ? 'ready' : 'not-ready', checks }, ready ? 200 : 503);
    },
  });
}

async function within<Value>(work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
