import { Counter } from 'prom-client';
import type { HttpMetrics } from '#shared/http';
import type { Realtime } from '#shared/realtime';
import type { Metrics } from '#shared/telemetry';

/** Counts connections that are open among the streams, and why those that were open have ended. */
export function countConnections({
  realtime,
  metrics,
  httpMetrics,
}: {
  realtime: Realtime;
  metrics: Metrics;
  httpMetrics: HttpMetrics;
}): void {
  const ends = new Counter({
    name: 'millrace_realtime_ended_total',
    help: 'Connections of people that ended, by why.',
    labelNames: ['why'],
    registers: [metrics.registry],
  });
  realtime.watch({
    came: () => httpMetrics.streamOpened(),
    ended(why) {
      httpMetrics.streamClosed();
      ends.inc({ why });
    },
  });
}
