import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of one process; make counters with `new Counter({ registers: [metrics.registry], … })`. */
export interface Metrics {
  readonly registry: Registry;
  /** `Content-Type` of {@link Metrics.text}. */
  readonly contentType: string;
  /** The Prometheus text exposition of now. */
  text(): Promise<string>;
}

/** A registry of its own (never prom-client's global one, which two platforms in one test would share). */
export function createMetrics({
  service,
  tells = 'its work and its process',
}: {
  service: string;
  /** A thread leaves memory and CPU to its process, so that nothing is told twice. */
  tells?: 'its work' | 'its work and its process';
}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  let isOfProcess = tells === 'its work';
  return {
    registry,
    contentType: registry.contentType,
    text() {
      // Observed from when somebody asks: a process that nobody scrapes, or that is to answer at once, does not pay for it.
      if (!isOfProcess) collectDefaultMetrics({ register: registry });
      isOfProcess = true;
      return registry.metrics();
    },
  };
}
