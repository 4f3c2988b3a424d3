import { createOtlpTracing } from './otlp-tracing.ts';
import { type Tracing, untold } from './tracing.ts';

/** Where spans go, as the configuration has it. */
export interface TracingTarget {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** `OTEL_EXPORTER_OTLP_HEADERS`, read. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The tracing of one process: to the collector that is configured, or to nobody. */
export async function createTracing(options: {
  service: string;
  target: TracingTarget | undefined;
}): Promise<Tracing> {
  const { service, target } = options;
  return target === undefined ? untold : createOtlpTracing({ service, ...target });
}
