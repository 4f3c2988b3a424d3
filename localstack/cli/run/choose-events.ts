import { Permanent } from '#shared/errors';
import { eventCatalogue, isEventType } from '#shared/events';
import { type TopologyFunction, triggerTypes } from '#shared/topology';
import type { GivenEvent } from './messages.ts';

/** The events of one delivery. */
export interface ChosenEvents {
  readonly events: readonly GivenEvent[];
  /** The part it stands for. */
  readonly key: string | undefined;
  /** Types that were given and that the function does not consume. */
  readonly ignored: readonly string[];
}

/**
 * Takes of the given events those that one delivery of the function would get.
 *
 * @throws Permanent `event-missing`, `key-missing`, `key-unknown`, `event-twice`
 */
export function chooseEvents(request: {
  fn: TopologyFunction;
  given: readonly GivenEvent[];
  key: string | undefined;
}): ChosenEvents {
  const { fn, given } = request;
  const wanted: readonly string[] = fn.triggers.flatMap(triggerTypes);
  const consumed = given.filter(({ type }) => wanted.includes(type));
  if (consumed.length === 0) {
    const there = [...new Set(given.map(({ type }) => type))].join(', ') || 'no event';
    throw new Permanent('event-missing', `${fn.name} wakes on ${wanted.join(', ')}; given was ${there}.`);
  }
  for (const event of consumed) checkKey(event);
  const key = fn.triggers.some(({ kind }) => kind === 'each-of') ? undefined : partOf(consumed, request.key);
  const events = consumed.filter(
    (event) => key === undefined || event.key === undefined || event.key === key,
  );
  checkTwice(events);
  const ignored = given.filter((event) => !consumed.includes(event)).map(({ type }) => type);
  return { events, key, ignored: [...new Set(ignored)] };
}

function checkKey({ type, key }: GivenEvent): void {
  const name = isEventType(type) ? eventCatalogue[type].key : undefined;
  if (name !== undefined && key === undefined) {
    throw new Permanent(
      'key-missing',
      `An event "${type}" stands for one ${name}: give it a "key" beside its type, such as "${name}-001".`,
    );
  }
}

function partOf(events: readonly GivenEvent[], wished: string | undefined): string | undefined {
  const keys = [...new Set(events.flatMap(({ key }) => (key === undefined ? [] : [key])))].sort();
  if (wished !== undefined) {
    if (keys.includes(wished)) return wished;
    throw new Permanent(
      'key-unknown',
      `No event has the key "${wished}"; there are ${keys.join(', ') || 'none'}.`,
    );
  }
  if (keys.length > 1) {
    throw new Permanent(
      'key-missing',
      `The events are of ${keys.length} parts and one delivery is for one: choose it with --key ${keys[0]} (${keys.join(', ')}).`,
    );
  }
  return keys[0];
}

function checkTwice(events: readonly GivenEvent[]): void {
  const names = events.map(({ type, key }) => (key === undefined ? type : `${type} of ${key}`));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Permanent('event-twice', `There are two events ${twice}; a run holds one.`);
}
