import { Cancelled, Conflict, MillraceError, Permanent } from '#shared/errors';

export function notFound(key: string): Permanent {
  return new Permanent('object-not-found', `There is no object "${key}".`);
}

export function alreadyExists(key: string): Conflict {
  return new Conflict('object-exists', `There is an object "${key}" already; it was to be created once.`);
}

export function tooLarge(key: string, maxBytes: number): Permanent {
  return new Permanent('object-too-large', `"${key}" is larger than ${maxBytes} bytes, the most allowed.`);
}

export function aborted(signal: AbortSignal, key: string): MillraceError {
  if (signal.reason instanceof MillraceError) return signal.reason;
  return new Cancelled('cancelled', `Storing or reading "${key}" was cancelled.`, { cause: signal.reason });
}

export function rangeNotSatisfiable(request: {
  key: string;
  range: { start: number; end: number };
  bytes: number | undefined;
}): Permanent {
  const { key, range, bytes } = request;
  const size = bytes === undefined ? 'it ends before' : `it has ${bytes} bytes`;
  return new Permanent(
    'range-not-satisfiable',
    `Bytes ${range.start} to ${range.end} of "${key}" cannot be read: ${size}.`,
    { field: 'range', ...(bytes === undefined ? {} : { details: { bytes } }) },
  );
}
