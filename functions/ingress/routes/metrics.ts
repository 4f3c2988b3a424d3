import { HttpProblem } from '#shared/http';
import type { Metrics } from '#shared/telemetry';
import { defineRoute, type Route } from '../route.ts';

export function metricsRoute({ metrics }: { metrics: Metrics }): Route {
  return defineRoute({
    method: 'get',
    path: '/metrics',
    operationId: 'metrics',
    tag: 'Platform',
    summary: 'Metrics for Prometheus',
    description: 'For tokens with the role `admin`: give one to Prometheus as its bearer token.',
    access: 'token',
    rate: 'counted',
    responses: {
      200: {
        description: 'The text exposition format.',
        type: 'text/plain',
        example: 'millrace_http_requests_total{method="GET",route="/health",status="200"} 7\n',
      },
      403: { description: 'The token has not the role `admin`.' },
    },
    async handle({ c, principal }) {
      if (!principal.roles.includes('admin')) {
        throw new HttpProblem({
          status: 403,
          code: 'role-missing',
          detail: 'Metrics tell of everybody; they need a token with the role admin.',
        });
      }
      return c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType });
    },
  });
}
