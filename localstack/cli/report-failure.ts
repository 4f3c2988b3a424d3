import { loadConfig } from '#shared/config';
import { Cancelled, MillraceError } from '#shared/errors';
import type { Terminal } from './terminal.ts';

/** Says what went wrong in words; a stack trace only with LOG_LEVEL=debug. @returns the exit code */
export function reportFailure({ error, terminal }: { error: unknown; terminal: Terminal }): number {
  if (error instanceof Cancelled) {
    terminal.complain(error.message);
    return 130;
  }
  terminal.complain(`Error: ${error instanceof Error ? error.message : String(error)}`);
  const isDebugging = wantsStack();
  if (isDebugging && error instanceof Error) terminal.complain(error.stack ?? '');
  else if (!(error instanceof MillraceError))
    terminal.complain('(LOG_LEVEL=debug shows where it came from.)');
  return 1;
}

function wantsStack(): boolean {
  try {
    return ['debug', 'trace'].includes(loadConfig().logLevel);
  } catch {
    return false;
  }
}
