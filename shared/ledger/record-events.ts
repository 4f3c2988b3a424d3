import type { PoolClient } from 'pg';
import { Permanent } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import { emittedId } from './ids.ts';
import { jsonText } from './json-text.ts';
import type { NewEvent } from './model.ts';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const PUBLISH = statement('publish');
const JOIN_CREATE = statement('join-create');
const JOIN_LOCK = statement('join-lock');
const JOIN_ARRIVE = statement('join-arrive');
const JOIN_FIRE = statement('join-fire');

export interface Recording {
  readonly run: string;
  readonly owner: string;
  /** CloudEvents source. */
  readonly source: string;
  /** The delivery (or run) whose id the events' ids are made from. */
  readonly origin: string;
  /** The delivery that caused them; absent for the first event of a run. */
  readonly cause?: string;
  /** Number of the first event, counted from 1. */
  readonly firstOrdinal: number;
  readonly traceparent?: string | undefined;
  /** Functions whose copied results a replay keeps: they take no event in this run. */
  readonly kept?: readonly string[];
  readonly events: readonly NewEvent[];
}

/** The joins that a transaction holds; empty when its events touch none. */
export type LockedJoins = readonly string[];

/** Locks the joins that events of these types move. Comes right after the run in the order of locks. */
export async function lockJoins(
  tx: PoolClient,
  runId: string,
  types: readonly string[],
  kept: readonly string[] = [],
): Promise<LockedJoins> {
  if (types.length === 0) return [];
  await run(tx, JOIN_CREATE, [runId, types, kept]);
  const { rows } = await run<{ id: string }>(tx, JOIN_LOCK, [runId, types]);
  return rows.map(({ id }) => id);
}

/** Records events with their deliveries and moves the locked joins; answers the lanes that have new work. */
export async function recordEvents(
  tx: PoolClient,
  recording: Recording,
  joins: LockedJoins,
): Promise<string[]> {
  const { events } = recording;
  if (events.length === 0) return [];
  for (const event of events) checkKey(event);
  const ids = events.map((_, index) => emittedId(recording.origin, recording.firstOrdinal + index));
  const types = events.map(({ type }) => type);
  const keys = events.map(({ key }) => key ?? null);
  const data = events.map((event) => jsonText(event.data));
  const { rows } = await run<{ lane: string }>(tx, PUBLISH, [
    ids,
    types,
    keys,
    data,
    recording.cause ?? null,
    recording.traceparent ?? null,
    recording.run,
    recording.source,
    recording.owner,
    recording.kept ?? [],
  ]);
  const fired =
    joins.length === 0
      ? []
      : await moveJoins(tx, { joins, ids, types, keys, owner: recording.owner, kept: recording.kept ?? [] });
  return [...new Set([...rows, ...fired].map(({ lane }) => lane))];
}

/** A part without its name would stand for every part in a join. */
export function checkKey({ type, key }: NewEvent): void {
  const name = eventCatalogue[type].key;
  if (name === undefined || (key !== undefined && key !== '')) return;
  throw new Permanent(
    'event-key-missing',
    `An event "${type}" is one part of many and needs its key, the ${name}.`,
  );
}

async function moveJoins(
  tx: PoolClient,
  parts: {
    joins: LockedJoins;
    ids: readonly string[];
    types: readonly string[];
    keys: readonly (string | null)[];
    owner: string;
    kept: readonly string[];
  },
): Promise<{ lane: string }[]> {
  await run(tx, JOIN_ARRIVE, [parts.ids, parts.types, parts.keys, parts.joins]);
  const { rows } = await run<{ lane: string }>(tx, JOIN_FIRE, [parts.joins, parts.owner, parts.kept]);
  return rows;
}
