import { randomFillSync } from 'node:crypto';

/** W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context-1/). */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

const PATTERN = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Reads a `traceparent`; undefined where the header is absent or not valid, as the recommendation asks. */
export function parseTraceparent(header: string | null | undefined): TraceContext | undefined {
  if (header === null || header === undefined || header.length > 512) return undefined;
  const match = PATTERN.exec(header.trim());
  if (match === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
  // Version ff is forbidden; version 00 has nothing after its flags; later versions may (section 3.2.2).
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The header's value for the next hop. */
export function formatTraceparent(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

/** Starts a trace of our own. */
export function newTrace(): TraceContext {
  return { traceId: hex(16), spanId: hex(8), sampled: true };
}

/** A new span in the caller's trace, or in a new one where the caller has none (or sent nonsense). */
export function continueTrace(header: string | null | undefined): TraceContext {
  const parent = parseTraceparent(header);
  return parent === undefined ? newTrace() : { ...parent, spanId: hex(8) };
}

/** Asked for in one piece: a call for eight bytes costs as much as one for four thousand. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

function hex(bytes: number): string {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const value = stock.toString('hex', used, used + bytes);
  used += bytes;
  return /^0+$/.test(value) ? hex(bytes) : value;
}
