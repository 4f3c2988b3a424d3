import type { Config } from '#shared/config';
import { Transient } from '#shared/errors';
import { eventProblem } from '#shared/host';
import { HttpProblem, type RunningServer, serve } from '#shared/http';
import type { Log, Metrics } from '#shared/telemetry';

/** A probe waits for 3 s. */
const HEALTH_MS = 2_500;

/** What one of the small parts answers beside `/health`, `/ready` and `/metrics`: POST requests by path. */
export type PartRoutes = Readonly<Record<string, (request: Request) => Promise<Response>>>;

/**
 * The HTTP face of a part of the platform that people do not call. Its errors are short, for brokers (eventProblem).
 *
 * @param health throws when the ledger cannot be reached
 */
export function servePart(options: {
  config: Config;
  metrics: Metrics;
  health: () => Promise<unknown>;
  routes: PartRoutes;
  log: Log;
}): Promise<RunningServer> {
  const { config, metrics, health, routes, log } = options;
  let isDraining = false;

  async function readiness(): Promise<Response> {
    if (isDraining) throw new Transient('shutting-down', 'This process is shutting down.');
    await withinLimit(health()).catch((cause: unknown) => {
      throw new Transient('ledger-unreachable', 'The ledger cannot be reached.', { cause });
    });
    return Response.json({ status: 'ready' });
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    if (method === 'POST' && route !== undefined) return await route(request);
    switch (`${method} ${pathname}`) {
      case 'GET /health':
        return Response.json({ status: 'ok' });
      case 'GET /ready':
        return await readiness();
      case 'GET /metrics':
        return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } });
      default:
        throw new HttpProblem({
          status: 404,
          code: 'not-found',
          detail: `There are ${['/health', '/ready', '/metrics', ...Object.keys(routes)].join(', ')}.`,
        });
    }
  }

  return serve(
    {
      fetch: (request) =>
        answer(request).catch((error: unknown) => {
          const { status, headers, body } = eventProblem(error);
          if (status >= 500) log.warn({ error, path: new URL(request.url).pathname }, 'a request failed');
          return new Response(body, { status, headers });
        }),
      drain() {
        isDraining = true;
      },
    },
    { port: config.port, hostname: config.host, log },
  );
}

async function withinLimit(asked: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${HEALTH_MS} ms`)), HEALTH_MS);
  await Promise.race([asked, promise]).finally(() => clearTimeout(timer));
}
