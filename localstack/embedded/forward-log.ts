import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Log } from '#shared/telemetry';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
/** A longer line is no log line of ours. */
const MAX_LINE = 64 * 1_024;

/** Hands the JSON log lines of another process or thread on to this one's log, so that a machine has one log. */
export function forwardLines(from: Readable, log: Log): void {
  createInterface({ input: from }).on('line', (line) => forwardLine(line, log));
}

/** One line of {@link forwardLines}; what is not JSON is kept as it stands. */
export function forwardLine(line: string, log: Log): void {
  const entry = parse(line);
  if (entry === undefined) {
    if (line.trim() !== '') log.warn({ line: line.slice(0, MAX_LINE) }, 'a process wrote this');
    return;
  }
  const { level, message, time: _time, ...fields } = entry;
  const known = LEVELS.find((name) => name === level) ?? 'info';
  log[known](fields, String(message ?? ''));
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{') || line.length > MAX_LINE) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
