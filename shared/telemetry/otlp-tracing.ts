import type { Attributes, Context, Link, SpanContext, Tracer } from '@opentelemetry/api';
import { parseTraceparent } from './traceparent.ts';
import type { SpanOptions, Tracing } from './tracing.ts';

/** A collector that is away must not hold up a process that ends. */
const EXPORT_TIMEOUT_MS = 5_000;

/**
 * Spans as OpenTelemetry has them, sent by OTLP over HTTP to `{endpoint}/v1/traces`. Its packages are loaded here only:
 * a process without a collector does not pay for them.
 */
export async function createOtlpTracing(options: {
  /** `http://collector:4318`. */
  endpoint: string;
  /** `service.name` of the process. */
  service: string;
  /** For every request, as `OTEL_EXPORTER_OTLP_HEADERS` gives them. */
  headers?: Readonly<Record<string, string>>;
}): Promise<Tracing> {
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_TIMEOUT_MS,
    headers: { ...options.headers },
  });
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `millrace-${options.service}` }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.AlwaysOnSampler() }),
    spanProcessors: [
      new sdk.BatchSpanProcessor(exporter, {
        scheduledDelayMillis: 1_000,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracer: Tracer = provider.getTracer('millrace');
  const kinds = {
    internal: api.SpanKind.INTERNAL,
    server: api.SpanKind.SERVER,
    client: api.SpanKind.CLIENT,
    producer: api.SpanKind.PRODUCER,
    consumer: api.SpanKind.CONSUMER,
  };
  const contextOf = (parent: SpanOptions['parent']): Context => {
    const remote = remoteContext(parent);
    return remote === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, remote);
  };
  return {
    start(name, { parent, kind = 'internal', attributes = {}, links = [], startedAt } = {}) {
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: told(attributes),
          ...(startedAt === undefined ? {} : { startTime: startedAt }),
          links: links.flatMap((link): Link[] => {
            const context = remoteContext(link);
            return context === undefined ? [] : [{ context }];
          }),
        },
        contextOf(parent),
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceId,
        traceparent: `00-${traceId}-${spanId}-${(traceFlags & 1) === 1 ? '01' : '00'}`,
        end({ name: known, attributes: more = {}, error } = {}) {
          if (known !== undefined) span.updateName(known);
          span.setAttributes(told(more));
          if (error !== undefined) {
            const { code, message } = error as { code?: unknown; message?: unknown };
            span.setAttributes({ 'error.type': String(code ?? 'unexpected') });
            span.setStatus({ code: api.SpanStatusCode.ERROR, message: String(message ?? error) });
          }
          span.end();
        },
      };
    },
    close: () => provider.shutdown().catch(() => undefined),
  };
}

function remoteContext(header: string | null | undefined): SpanContext | undefined {
  const parsed = parseTraceparent(header);
  if (parsed === undefined) return undefined;
  const { traceId, spanId, sampled } = parsed;
  return { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true };
}

function told(attributes: NonNullable<SpanOptions['attributes']>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
