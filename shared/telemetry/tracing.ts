import { continueTrace, formatTraceparent, type TraceContext } from './traceparent.ts';

export type AttributeValue = string | number | boolean;

export interface SpanOptions {
  /** `traceparent` of the caller, where there is one; else the span begins a trace. */
  readonly parent?: string | null | undefined;
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Readonly<Record<string, AttributeValue | undefined>>;
  /** When it began, milliseconds of the Unix epoch; now where not given. */
  readonly startedAt?: number | undefined;
  /** Further traces that led here (the other events of a join), as `traceparent`. */
  readonly links?: readonly string[];
}

/** One hop: a piece of work with its place in the trace of a request. */
export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** For the next hop: header or event. */
  readonly traceparent: string;
  end(how?: {
    /** Where it is known only now: that of the route that answered. */
    readonly name?: string;
    readonly attributes?: Readonly<Record<string, AttributeValue | undefined>>;
    /** Its code and message are told; marks the span as failed. */
    readonly error?: unknown;
  }): void;
}

/** Starts spans, and sends them where telemetry is collected, if it is. */
export interface Tracing {
  start(name: string, options?: SpanOptions): Span;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Keeps the trace context going from hop to hop and exports nothing: what runs without a collector. */
export const untold: Tracing = {
  start(_name, { parent } = {}) {
    // Most spans are never asked where they are.
    let context: TraceContext | undefined;
    const known = (): TraceContext => {
      context ??= continueTrace(parent);
      return context;
    };
    return {
      get traceId() {
        return known().traceId;
      },
      get traceparent() {
        return formatTraceparent(known());
      },
      end: () => undefined,
    };
  },
  close: async () => undefined,
};
