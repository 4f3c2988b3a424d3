/** What the platform does with a failure: see `kind` of {@link MillraceError}. */
export type ErrorKind = 'permanent' | 'transient' | 'conflict' | 'cancelled';

export interface ErrorOptions {
  /** The input field that was wrong, as a path (`settings.size`), if one was. */
  readonly field?: string;
  /** Data for the reader of a problem document; never a secret, never a path of the machine. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The least wait before another try, in milliseconds. Only {@link Transient} is tried again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** A failure as it is stored with a delivery and shown to its owner. */
export interface Failure {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Base of every error that Millrace raises on purpose.
 *
 * `code` is stable, lower case with dashes (`topic-too-long`); `message` says what was wrong, with which
 * value, and what to do.
 */
export abstract class MillraceError extends Error {
  abstract readonly kind: ErrorKind;
  readonly code: string;
  readonly field: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.field = options.field;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Trying again cannot help: bad input, a missing right, a refused document. The delivery is dead. */
export class Permanent extends MillraceError {
  readonly kind = 'permanent';
}

/** Trying again may help: a time limit, an unreachable peer. The delivery runs again after a backoff. */
export class Transient extends MillraceError {
  readonly kind = 'transient';
}

/** The request contradicts the present state (HTTP 409); it is not tried again. */
export class Conflict extends MillraceError {
  readonly kind = 'conflict';
}

/** The owner cancelled the run, or the host is shutting down. */
export class Cancelled extends MillraceError {
  readonly kind = 'cancelled';
}

/**
 * Turns anything thrown into what is stored and shown: an unforeseen error is transient, code `unexpected`. Its words
 * stay in the log: those of a driver, a library or a peer may name paths, statements and secrets.
 */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof MillraceError) {
    return {
      kind: thrown.kind,
      code: thrown.code,
      message: thrown.message,
      ...(thrown.field === undefined ? {} : { field: thrown.field }),
      ...(thrown.details === undefined ? {} : { details: thrown.details }),
    };
  }
  const { name, code } = (thrown instanceof Error ? thrown : {}) as { name?: unknown; code?: unknown };
  const known = [name, code].filter((word) => typeof word === 'string' && /^\w{1,60}$/.test(word));
  const kind = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return {
    kind: 'transient',
    code: 'unexpected',
    message: `An unforeseen error${kind}; the log of the attempt says more.`,
  };
}
