import type { MiddlewareHandler } from 'hono';
import type { Clock } from '#shared/function';
import {
  clientAddress,
  crossOriginHeaders,
  DATA_POLICY,
  type HttpMetrics,
  requestId,
  securityHeaders,
} from '#shared/http';
import { type Log, logFor, type Tracing } from '#shared/telemetry';
import type { HonoEnv, HttpContext } from './environment.ts';

/** Gives each request its id, trace, address and log, sets the headers of every answer, and counts it. */
export function requestScope({
  log,
  clock,
  tracing,
  metrics,
  trustedProxies,
  allowedOrigins,
}: {
  log: Log;
  clock: Clock;
  tracing: Tracing;
  metrics: HttpMetrics;
  trustedProxies: number;
  allowedOrigins: readonly string[];
}): MiddlewareHandler<HonoEnv> {
  return async (c, next) => {
    const began = clock.now().getTime();
    const id = requestId(c.req.header('x-request-id'));
    const { method } = c.req;
    const path = toldPath(c.req.path);
    const span = tracing.start(methodName(method), {
      kind: 'server',
      parent: c.req.header('traceparent'),
      startedAt: began,
      attributes: { 'http.request.method': methodName(method), 'url.path': path },
    });
    const scoped = logFor(log, { request: id, trace: span.traceId });
    c.set('requestId', id);
    c.set('traceparent', span.traceparent);
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
      'Content-Security-Policy': DATA_POLICY,
      'Cache-Control': 'no-store',
      'X-Request-Id': id,
    };
    // Before the answer is made: setting them on a finished one copies it.
    for (const [name, value] of Object.entries(headers)) c.header(name, value);

    await next();

    const seconds = Math.max(0, (clock.now().getTime() - began) / 1000);
    const [route, status] = [c.get('route'), c.res.status];
    metrics.observe({ method, route, status, seconds });
    span.end(answered({ method, route, status }));
    const level = status >= 500 ? 'error' : isQuiet(route) ? 'debug' : 'info';
    scoped[level]({ method, path, route, status, ms: Math.round(seconds * 1000) }, 'answered');
  };
}

/** As logs and traces have it: without what only its holder should know. */
function toldPath(path: string): string {
  return path.slice(0, 200).replace(/^(\/calendars\/feeds\/|\/notifications\/unsubscribe\/).*/, '$1…');
}

/** As OpenTelemetry's conventions for HTTP servers have it (semantic conventions 1.23, "HTTP server"). */
function answered({ method, route, status }: { method: string; route: string; status: number }) {
  const isMatched = route !== 'unmatched';
  return {
    ...(isMatched ? { name: `${methodName(method)} ${route}` } : {}),
    attributes: {
      'http.response.status_code': status,
      ...(isMatched ? { 'http.route': route } : {}),
    },
    ...(status >= 500 ? { error: { code: String(status), message: `answered ${status}` } } : {}),
  };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'CONNECT'];

/** A client may send any word; telemetry takes the known ones. */
function methodName(method: string): string {
  return methods.includes(method) ? method : '_OTHER';
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
