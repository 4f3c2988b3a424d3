/** The methods and headers that a browser on an allowed origin may use. */
const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, DELETE';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Last-Event-ID, Prefer, Range, Traceparent, X-Request-Id';
const EXPOSED_HEADERS =
  'Location, Link, ETag, Accept-Ranges, Content-Disposition, Content-Range, Preference-Applied, WWW-Authenticate, Retry-After, X-Request-Id, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy';

/**
 * Headers of CORS (WHATWG Fetch, section 3.2) for an origin that is on the list; nothing for any other.
 *
 * Credentials are never allowed: the session cookie belongs to our own pages alone.
 */
export function crossOriginHeaders({
  origin,
  allowedOrigins,
  kind,
}: {
  origin: string | undefined;
  allowedOrigins: readonly string[];
  kind: 'preflight' | 'answer';
}): Record<string, string> {
  if (allowedOrigins.length === 0) return {};
  if (origin === undefined || !allowedOrigins.includes(origin)) return { Vary: 'Origin' };
  const always = { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
  return kind === 'answer'
    ? { ...always, 'Access-Control-Expose-Headers': EXPOSED_HEADERS }
    : {
        ...always,
        'Access-Control-Allow-Methods': ALLOWED_METHODS,
        'Access-Control-Allow-Headers': ALLOWED_HEADERS,
        'Access-Control-Max-Age': '600',
      };
}
