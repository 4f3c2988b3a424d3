import { createOtlpTracing } from './otlp-tracing.ts';
import { type Tracing, untold } from './tracing.ts';

/** Where spans go, as the configuration has it. */
export interface TracingTarget {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** `OTEL_EXPORTER_OTLP_HEADERS`: `name=value,name=value`, values percent-encoded. */
  readonly headers: string | undefined;
}

/** The tracing of one process: to the collector that is configured, or to nobody. */
export async function createTracing(options: {
  service: string;
  target: TracingTarget | undefined;
}): Promise<Tracing> {
  const { service, target } = options;
  if (target === undefined) return untold;
  const { endpoint, headers = '' } = target;
  return createOtlpTracing({ service, endpoint, headers: readHeaders(headers) });
}

function readHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
  });
  return Object.fromEntries(pairs);
}
