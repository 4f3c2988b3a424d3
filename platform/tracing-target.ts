import type { Config } from '#shared/config';
import type { TracingTarget } from '#shared/telemetry';

/** Where spans go; undefined: nowhere. */
export function tracingTarget({ tracing }: Config): TracingTarget | undefined {
  return tracing && { endpoint: tracing.endpoint, headers: tracing.headers?.reveal() };
}
