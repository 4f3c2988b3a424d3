import { MillraceError } from '#shared/errors';

/** One thing that is wrong with one field of the request. */
export interface FieldError {
  /** Where: `topic`, `labels.series`, `query.limit`, `header.idempotency-key`; empty for the body as a whole. */
  readonly field: string;
  /** What is wrong, with the value, and what to do. */
  readonly message: string;
  /** The limit that was passed, where there is one: a number, or the values that are taken. */
  readonly limit?: number | string | readonly (string | number)[];
}

/** A problem document (RFC 9457); `code` and `errors` are our extension members. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** The request's id, as a URI. */
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
}

export interface HttpProblemOptions {
  readonly status: number;
  /** Stable, lower case with dashes. */
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown by a route to answer with a problem document. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, code, detail, errors = [], headers = {}, cause }: HttpProblemOptions) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'HttpProblem';
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }

  /** As it goes over the wire. */
  document(requestId?: string): ProblemDocument {
    return {
      type: `urn:millrace:problem:${this.code}`,
      title: titles[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(requestId === undefined ? {} : { instance: `urn:millrace:request:${requestId}` }),
      ...(this.errors.length === 0 ? {} : { errors: this.errors }),
    };
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

/** Titles are the same for every occurrence of a status, as the RFC asks. */
const titles: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'A valid token is needed',
  403: 'The token does not allow this',
  404: 'There is no such thing',
  405: 'The method is not allowed here',
  406: 'There is no such representation',
  408: 'The request took too long',
  409: 'The request contradicts the present state',
  412: 'The precondition failed',
  413: 'The request is too large',
  415: 'The media type is not supported',
  416: 'The range is not satisfiable',
  422: 'The request cannot be carried out',
  426: 'Another protocol is needed',
  429: 'Too many requests',
  431: 'The request headers are too large',
  500: 'Something unforeseen happened',
  503: 'The service is not available',
};

/**
 * Turns anything thrown into a problem.
 *
 * The message of an unforeseen error stays in the log: it may name paths, queries or peers.
 */
export function problemOf(thrown: unknown): HttpProblem {
  if (thrown instanceof HttpProblem) return thrown;
  if (!(thrown instanceof MillraceError)) {
    return new HttpProblem({
      status: 500,
      code: 'unexpected',
      detail: 'This is our fault. Try again; if it stays, report the request id in `instance`.',
      cause: thrown,
    });
  }
  const { code, message: detail, field } = thrown;
  const errors = field === undefined ? [] : [{ field, message: detail }];
  switch (thrown.kind) {
    case 'permanent':
      return new HttpProblem({ status: 400, code, detail, errors, cause: thrown });
    case 'conflict':
      return new HttpProblem({ status: 409, code, detail, errors, cause: thrown });
    case 'transient':
    case 'cancelled': {
      const seconds = Math.max(1, Math.ceil((thrown.retryAfterMs ?? 2_000) / 1000));
      return new HttpProblem({
        status: 503,
        code,
        detail: `${detail} Try again in ${seconds} s.`,
        headers: { 'Retry-After': String(seconds) },
        cause: thrown,
      });
    }
  }
}

/** Someone else's thing and a missing thing look the same. */
export function notFound(what: string): HttpProblem {
  return new HttpProblem({
    status: 404,
    code: 'not-found',
    detail: `There is no ${what}, or it is not yours.`,
  });
}
