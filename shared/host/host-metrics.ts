import { Counter, Gauge, Histogram } from 'prom-client';
import { durationBuckets, type Metrics } from '#shared/telemetry';

/** What a host counts for each function. */
export interface HostMetrics {
  observe(delivery: { function: string; outcome: string; seconds: number; bytes: number }): void;
  running(count: number): void;
  /** An artifact is being fetched from the store (1), or no longer (-1). */
  downloading(name: string, change: 1 | -1): void;
}

export function createHostMetrics(metrics: Metrics): HostMetrics {
  const registers = [metrics.registry];
  const ended = new Counter({
    name: 'millrace_deliveries_total',
    help: 'Deliveries that ended, by function and outcome.',
    labelNames: ['function', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'millrace_delivery_duration_seconds',
    help: 'From claim to the end of the attempt.',
    labelNames: ['function'],
    buckets: [...durationBuckets],
    registers,
  });
  const stored = new Counter({
    name: 'millrace_artifact_bytes_total',
    help: 'Bytes of the artifacts that were committed.',
    labelNames: ['function'],
    registers,
  });
  const running = new Gauge({ name: 'millrace_deliveries_running', help: 'Deliveries in work.', registers });
  const downloads = new Gauge({
    name: 'millrace_active_downloads',
    help: 'Artifacts that are being fetched from the store.',
    labelNames: ['function'],
    registers,
  });
  return {
    observe({ function: name, outcome, seconds, bytes }) {
      ended.inc({ function: name, outcome });
      duration.observe({ function: name }, seconds);
      stored.inc({ function: name }, bytes);
    },
    running: (count) => running.set(count),
    downloading: (name, change) => downloads.inc({ function: name }, change),
  };
}
