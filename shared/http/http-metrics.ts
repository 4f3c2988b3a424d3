import { Counter, Gauge, Histogram } from 'prom-client';
import { durationBuckets, type Metrics } from '#shared/telemetry';

/** What one server counts of its requests. Routes are templates, so the series stay few. */
export interface HttpMetrics {
  observe(request: { method: string; route: string; status: number; seconds: number }): void;
  streamOpened(): void;
  streamClosed(): void;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function createHttpMetrics({ registry }: Metrics): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'millrace_http_requests_total',
    help: 'Answered requests.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const errors = new Counter({
    name: 'millrace_http_errors_total',
    help: 'Requests answered with 5xx.',
    labelNames: ['method', 'route'],
    registers,
  });
  const durations = new Histogram({
    name: 'millrace_http_request_duration_seconds',
    help: 'Time from the request to the start of its answer.',
    labelNames: ['method', 'route'],
    buckets: [...durationBuckets],
    registers,
  });
  const streams = new Gauge({ name: 'millrace_http_open_streams', help: 'Open event streams.', registers });
  return {
    observe({ method, route, status, seconds }) {
      const labels = { method: methods.has(method) ? method : 'OTHER', route };
      requests.inc({ ...labels, status: String(status) });
      if (status >= 500) errors.inc(labels);
      durations.observe(labels, seconds);
    },
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
  };
}
