/** What a process tells of itself: structured logs, metrics, and the W3C trace that ties them to one request. */
export { createTracing, type TracingTarget } from './create-tracing.ts';
export { durationBuckets } from './duration-buckets.ts';
export { createLog, type Log, type LogIds, logFor } from './log.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { type Span, type Tracing, untold } from './tracing.ts';
