import { OpenAPIHono } from '@hono/zod-openapi';
import { type Application, createHttpMetrics, createRateLimit } from '#shared/http';
import { createMetrics, untold } from '#shared/telemetry';
import { createAuthenticate } from './authenticate.ts';
import { createRoutes } from './create-routes.ts';
import type { HonoEnv, IngressOptions } from './environment.ts';
import { mountRoutes } from './mount-routes.ts';
import { createDocument } from './openapi/document.ts';
import { requestScope } from './request-scope.ts';
import type { Route } from './route.ts';

/** The HTTP front door; give it to `serve` of #shared/http. `drain` ends open streams and makes `/ready` say no. */
export interface Ingress extends Application {
  /** All that it answers, each with who may call. */
  readonly routes: readonly Pick<Route, 'method' | 'path' | 'access' | 'rate' | 'openapi'>[];
  drain(): void;
}

export function createIngress(options: IngressOptions): Ingress {
  const { auth, signer, limits, log, clock, version } = options;
  const metrics = options.metrics ?? createMetrics({ service: 'ingress' });
  const httpMetrics = createHttpMetrics(metrics);
  const app = new OpenAPIHono<HonoEnv>();
  const document = createDocument({ app, version });
  const authenticate = createAuthenticate({ auth, signer, sessions: options.people?.sessions });
  const { routes, streams, hearing } = createRoutes(options, {
    ...{ document, metrics, httpMetrics, authenticate },
  });

  app.use(
    '*',
    requestScope({
      log,
      clock,
      tracing: options.tracing ?? untold,
      metrics: httpMetrics,
      trustedProxies: Number(limits.trustProxy),
      allowedOrigins: options.allowedOrigins ?? [],
    }),
  );
  mountRoutes(app, {
    authenticate,
    rateLimit: createRateLimit({ perMinute: limits.ratePerMinute }),
    routes,
  });

  return {
    routes,
    fetch: (request, env) => app.fetch(request, env),
    ...(hearing === undefined ? {} : { doors: hearing.doors }),
    drain() {
      streams.drain();
      hearing?.drain();
    },
  };
}
