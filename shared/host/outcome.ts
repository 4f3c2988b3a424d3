import { Permanent } from '#shared/errors';
import { type ArtifactRef, type EventType, eventCatalogue } from '#shared/events';
import type { Outcome } from '#shared/function';
import type { NewEvent } from '#shared/ledger';
import type { TopologyFunction } from '#shared/topology';

/** What a commit publishes for an outcome. */
export interface Publication {
  readonly events: readonly NewEvent[];
  readonly artifacts: readonly ArtifactRef[];
  readonly promises: { readonly name: string; readonly keys: readonly string[] } | undefined;
}

/**
 * Turns what a handler returned into what the commit publishes: artifacts become the events that `events.yaml`
 * binds to their names, and every event is checked against its schema and the function's own declaration.
 *
 * @param part key of the delivery: events of a keyed type that name no key are of this part
 * @throws Permanent `emit-undeclared`, `emit-invalid`, `put-twice`
 */
export function publicationOf(outcome: Outcome, fn: TopologyFunction, part: string | undefined): Publication {
  const puts = outcome.puts ?? [];
  const names = puts.map(({ artifact }) => artifact.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Permanent('put-twice', `${fn.name} put "${twice}" twice in one delivery.`);

  const bound = puts.flatMap(({ artifact, data }): NewEvent[] => {
    const type = fn.puts[artifact.name];
    return type === undefined ? [] : [{ type, data: { ...data, artifact } }];
  });
  const emitted = (outcome.emits ?? []).map((emit): NewEvent => emit);
  for (const { type } of emitted) {
    if (!fn.emits.includes(type)) {
      throw new Permanent(
        'emit-undeclared',
        `${fn.name} emitted "${type}", which events.yaml does not name among its emits.`,
      );
    }
  }
  const events = [...bound, ...emitted].map((event) => checked(event, fn, part));
  return { events, artifacts: puts.map(({ artifact }) => artifact), promises: promisesOf(events, fn) };
}

function checked(event: NewEvent, fn: TopologyFunction, part: string | undefined): NewEvent {
  const definition = eventCatalogue[event.type];
  const parsed = definition.data.safeParse(event.data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Permanent(
      'emit-invalid',
      `${fn.name} made a "${event.type}" that is not valid at "${issue?.path.join('.')}": ${issue?.message}.`,
    );
  }
  if (definition.key === undefined) return { type: event.type, data: parsed.data };
  const key = event.key ?? part;
  if (key === undefined)
    throw new Permanent(
      'emit-invalid',
      `${fn.name} made a "${event.type}" without its ${definition.key} key.`,
    );
  return { type: event.type, key, data: parsed.data };
}

function promisesOf(events: readonly NewEvent[], fn: TopologyFunction): Publication['promises'] {
  if (fn.promises === undefined) return undefined;
  const keyed = (type: EventType): boolean => eventCatalogue[type].key === fn.promises;
  const keys = events.flatMap(({ type, key }) => (keyed(type) && key !== undefined ? [key] : []));
  return { name: fn.promises, keys: [...new Set(keys)] };
}
