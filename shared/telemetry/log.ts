import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

/** A pino logger; every line is one JSON object. */
export type Log = Logger;

/** The ids that tie a line to its run. Absent ones are left out of the line. */
export interface LogIds {
  readonly run?: string | undefined;
  /** Id of the event that is worked on. */
  readonly event?: string | undefined;
  readonly delivery?: string | undefined;
  /** The function's leaf name, `render-tts`. */
  readonly function?: string | undefined;
  /** W3C trace id, 32 hex digits. */
  readonly trace?: string | undefined;
  /** Id of the HTTP request. */
  readonly request?: string | undefined;
}

/** What must never reach a log, wherever a caller puts it. */
const secrets = ['authorization', 'cookie', 'token', 'password', 'secret', 'signature', 'set-cookie'];

/**
 * The root logger of one process: JSON lines with `time` (ISO 8601), `level` as a word, `service` and `message`.
 *
 * Writes to stdout unless a destination is given (`pino.destination(2)` for stderr).
 */
export function createLog({
  service,
  level = 'info',
  destination,
}: {
  /** Which process speaks: `ingress`, `worker-ffmpeg`, `scheduler`. */
  service: string;
  level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  destination?: DestinationStream;
}): Log {
  const options = {
    level,
    base: null,
    // Not `base`: a line that another process wrote names its own service, and JSON must not hold the name twice.
    mixin: () => ({ service }),
    messageKey: 'message',
    errorKey: 'error',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secrets.flatMap((name) =>
        name.includes('-') ? [`["${name}"]`, `*["${name}"]`] : [name, `*.${name}`],
      ),
      censor: '[redacted]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** A logger whose every line carries these ids. */
export function logFor(log: Log, ids: LogIds): Log {
  return log.child(Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined)));
}
