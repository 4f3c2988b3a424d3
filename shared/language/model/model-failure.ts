import { APICallError } from 'ai';
import { MillraceError, Permanent, Transient } from '#shared/errors';
import { spokenError, wordsOf } from './hide-secret.ts';

/** Says what a failed call of a language model means for the delivery: try again, or tell the owner. */
export function modelFailure(
  error: unknown,
  call: {
    readonly isTimeout: boolean;
    readonly timeoutMs: number;
    readonly model: string;
    readonly secret: string;
  },
): Error {
  for (
    let cause: unknown = error, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if (cause instanceof MillraceError) return cause;
  }
  // Some peers repeat the key they refuse.
  const said = wordsOf(error, call.secret);
  const cause = spokenError(error, call.secret);
  if (call.isTimeout) {
    return new Transient(
      'model-timeout',
      `The model "${call.model}" gave no answer in ${call.timeoutMs / 1_000} s; raise MODEL_TIMEOUT_SECONDS if it is slow.`,
      { cause },
    );
  }
  if (!APICallError.isInstance(error)) {
    return new Transient('model-unavailable', `The model "${call.model}" could not be asked: ${said}`, {
      cause,
    });
  }
  const status = error.statusCode;
  if (status === 429) {
    const retryAfterMs = waitOf(error.responseHeaders?.['retry-after']);
    return new Transient('model-busy', `The model "${call.model}" takes no more requests for now (429).`, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      cause,
    });
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) {
    return new Permanent(
      'model-refused',
      `The language model refused the request (${status}: ${said}). Check OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL.`,
      { cause },
    );
  }
  const retryAfterMs = waitOf(error.responseHeaders?.['retry-after']);
  return new Transient(
    'model-unavailable',
    `The language model could not answer (${status ?? 'no connection'}: ${said}).`,
    { ...(retryAfterMs === undefined ? {} : { retryAfterMs }), cause },
  );
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3); a date is left to the backoff. */
function waitOf(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header === undefined || header.trim() === '' || !Number.isFinite(seconds) || seconds < 0
    ? undefined
    : Math.min(seconds, 3_600) * 1_000;
}
