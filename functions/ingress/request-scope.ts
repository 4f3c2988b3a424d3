import type { MiddlewareHandler } from 'hono';
import type { Clock } from '#shared/function';
import {
  clientAddress,
  crossOriginHeaders,
  dataPolicy,
  type HttpMetrics,
  requestId,
  securityHeaders,
} from '#shared/http';
import { continueTrace, type Log, logFor } from '#shared/telemetry';
import type { HonoEnv, HttpContext } from './environment.ts';

/** Gives each request its id, trace, address and log, sets the headers of every answer, and counts it. */
export function requestScope({
  log,
  clock,
  metrics,
  trustedProxies,
  allowedOrigins,
}: {
  log: Log;
  clock: Clock;
  metrics: HttpMetrics;
  trustedProxies: number;
  allowedOrigins: readonly string[];
}): MiddlewareHandler<HonoEnv> {
  return async (c, next) => {
    const began = clock.now().getTime();
    const id = requestId(c.req.header('x-request-id'));
    const trace = continueTrace(c.req.header('traceparent'));
    const scoped = logFor(log, { request: id, trace: trace.traceId });
    c.set('requestId', id);
    c.set('trace', trace);
    c.set('log', scoped);
    c.set('route', 'unmatched');
    c.set('address', addressOf(c, trustedProxies));
    const preflight =
      c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
    const headers = {
      ...securityHeaders,
      ...crossOriginHeaders({
        origin: c.req.header('origin'),
        allowedOrigins,
        kind: preflight ? 'preflight' : 'answer',
      }),
      'Content-Security-Policy': dataPolicy,
      'Cache-Control': 'no-store',
      'X-Request-Id': id,
    };
    // Before the answer is made: setting them on a finished one copies it.
    for (const [name, value] of Object.entries(headers)) c.header(name, value);

    await next();

    const seconds = Math.max(0, (clock.now().getTime() - began) / 1000);
    const { method, path } = c.req;
    const [route, status] = [c.get('route'), c.res.status];
    metrics.observe({ method, route, status, seconds });
    const level = status >= 500 ? 'error' : isQuiet(route) ? 'debug' : 'info';
    scoped[level](
      { method, path: path.slice(0, 200), route, status, ms: Math.round(seconds * 1000) },
      'answered',
    );
  };
}

function isQuiet(route: string): boolean {
  return route === '/health' || route === '/ready' || route === '/metrics' || route.startsWith('/assets');
}

/** Tests call the front door without a socket; they all come from one place. */
function addressOf(c: HttpContext, trustedProxies: number): string {
  return clientAddress({
    socketAddress: c.env?.incoming?.socket.remoteAddress ?? '127.0.0.1',
    forwardedFor: c.req.header('x-forwarded-for'),
    trustedProxies,
  });
}
