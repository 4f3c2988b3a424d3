import type { QueryResultRow } from 'pg';
import type { CommitRequest } from './commit.ts';
import type { WriteResult } from './handler-write.ts';
import { emittedId } from './ids.ts';
import { jsonText } from './json-text.ts';
import { checkKey } from './record-events.ts';

/** How one delivery of a batch ended. */
export interface BatchRow extends QueryResultRow {
  readonly id: string;
  /** `joins`: its events move a join, which takes the longer way. */
  readonly outcome: 'committed' | 'joins' | 'refused';
  readonly lanes: readonly string[];
}

/** A delivery at its end, with what its `write` returned. */
export interface Ending {
  readonly request: CommitRequest;
  readonly written?: WriteResult;
}

/** Runs that a batch locks, in the order in which everybody locks them. */
export function runsOf(endings: readonly Ending[]): readonly string[] {
  return [...new Set(endings.map(({ request }) => request.claim.run))].sort();
}

/**
 * Values of batch-commit.sql.
 *
 * @param all all of them or none
 * @throws Permanent `event-key-missing`
 */
export function batchValues(endings: readonly Ending[], source: string, all: boolean): readonly unknown[] {
  const events = endings.flatMap(({ request, written }) =>
    [...request.events, ...(written?.events ?? [])].map((event, index) => {
      checkKey(event);
      return { delivery: request.claim.id, id: emittedId(request.claim.id, index + 1), event };
    }),
  );
  return [
    endings.map(({ request }) => request.claim.id),
    endings.map(({ request }) => request.claim.fence),
    endings.map(({ request }) => request.claim.host),
    endings.map(({ request, written }) => {
      const reply = written?.reply ?? request.reply;
      return reply === undefined ? null : jsonText(reply);
    }),
    endings.map(({ request }) => jsonText(request.usage)),
    endings.map(({ request }) => request.traceparent ?? null),
    events.map(({ delivery }) => delivery),
    events.map(({ id }) => id),
    events.map(({ event }) => event.type),
    events.map(({ event }) => event.key ?? null),
    events.map(({ event }) => jsonText(event.data)),
    source,
    endings.map(({ written }) => written !== undefined),
    all,
  ];
}
