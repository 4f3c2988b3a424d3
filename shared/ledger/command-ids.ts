import { emittedId, newRunId, runIdFor } from './ids.ts';

/** The three rows of a command. */
export interface CommandIds {
  readonly run: string;
  readonly event: string;
  readonly delivery: string;
}

/** The ids of a command: with an `Idempotency-Key` those of every request with the same principal, operation and key. */
export function commandIds(request: {
  principal: string;
  operation: string;
  key: string | undefined;
}): CommandIds {
  const { principal, operation, key } = request;
  const idFor = (what: string): string =>
    key === undefined
      ? newRunId()
      : runIdFor({ owner: principal, operation: `${what} of command ${operation}`, key });
  const run = idFor('run');
  return { run, event: emittedId(run, 1), delivery: idFor('delivery') };
}
