/** What every HTTP process of the platform shares: problem documents, limits, streams, ranges, and the server itself. */
export { parseRange, type RangeRequest } from './byte-range.ts';
export { addressGroup, clientAddress } from './client-address.ts';
export type { ConnectionDoors } from './connection-doors.ts';
export { crossOriginHeaders } from './cross-origin.ts';
export { noneMatches } from './entity-tag.ts';
export { type EventStream, openEventStream, type StreamEnd, type StreamEvent } from './event-stream.ts';
export { fieldErrors, quote } from './field-errors.ts';
export { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';
export { readIncoming } from './incoming-body.ts';
export { type BodyLimits, readBytes, readJsonBody } from './json-body.ts';
export {
  type FieldError,
  HttpProblem,
  notFound,
  PROBLEM_TYPE,
  type ProblemDocument,
  problemOf,
} from './problem.ts';
export { createRateLimit, type RateLimit } from './rate-limit.ts';
export { requestId } from './request-id.ts';
export {
  DATA_POLICY,
  pagePolicy,
  securityHeaders,
  USER_BYTES_POLICY,
} from './security-headers.ts';
export { type Application, type RunningServer, serve, serveListener } from './serve.ts';
export { answerOnSocket } from './socket-answer.ts';
