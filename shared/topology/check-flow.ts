import { nearestWord } from '#shared/errors';
import { type EventType, eventCatalogue } from '#shared/events';
import { flowFunctions } from './flow.ts';
import { producedBy, type Topology, type TopologyFunction, triggerTypes } from './model.ts';
import type { Problems } from './problems.ts';

/** Checks that events have a producer and a consumer, that joins can fire, and that no flow runs in a circle. */
export function checkFlow(options: {
  topology: Topology;
  terminal: readonly string[];
  problems: Problems;
}): void {
  const { topology, terminal, problems } = options;
  const flows = Object.values(topology.flows);
  const produced = new Set<EventType>(
    flows.flatMap(({ starts, completed, failed }) => [...starts, completed, failed]),
  );
  // The scheduler publishes this one.
  produced.add('schedule.ticked');
  const all = [...topology.functions, ...(topology.commands ?? [])];
  for (const fn of all) for (const type of producedBy(fn)) produced.add(type);
  const consumed = new Set(topology.functions.flatMap(({ triggers }) => triggers.flatMap(triggerTypes)));

  for (const fn of all) {
    const at = ['functions', `${fn.area}/${fn.name}`];
    for (const type of fn.triggers.flatMap(triggerTypes)) {
      if (!produced.has(type)) problems.add([...at, 'triggers'], `nobody emits "${type}"`);
    }
    for (const type of producedBy(fn)) {
      if (!consumed.has(type) && !terminal.includes(type)) {
        problems.add(at, `nobody consumes "${type}"; add a trigger, or { terminal: true } under events`);
      }
    }
    checkTwice(fn, problems);
    checkKeys(fn, topology, problems);
  }
  for (const [name, flow] of Object.entries(topology.flows)) {
    for (const end of ['starts', 'completed', 'failed'] as const) {
      for (const type of [flow[end]].flat()) {
        if (consumed.has(type) || terminal.includes(type)) continue;
        problems.add(
          ['flows', name, end],
          `nobody consumes "${type}"; add a trigger, or { terminal: true } under events`,
        );
      }
    }
    checkHeld(name, topology, problems);
  }
  for (const type of Object.keys(eventCatalogue) as EventType[]) {
    if (!produced.has(type))
      problems.add(['events'], `"${type}" stands in the catalogue and nobody produces it`);
  }
  reportCircle(topology, problems);
}

/** The functions that a flow names are there, and its events reach each of them without the others. */
function checkHeld(name: string, topology: Topology, problems: Problems): void {
  const held = topology.flows[name]?.functions ?? [];
  const reached = flowFunctions(topology, name).map((fn) => fn.name);
  const known = topology.functions.map((fn) => fn.name);
  held.forEach((fn, index) => {
    const at = ['flows', name, 'functions', index];
    if (!known.includes(fn)) problems.addUnknown(at, 'the function', fn, known);
    else if (!reached.includes(fn))
      problems.add(at, `the events of this flow do not reach "${fn}"; start it with what it consumes`);
  });
}

/** The ledger has one row for each event type of a trigger, so a type that stands twice would never come twice. */
function checkTwice(fn: TopologyFunction, problems: Problems): void {
  const at = ['functions', `${fn.area}/${fn.name}`, 'triggers'];
  fn.triggers.forEach((trigger, index) => {
    const types = triggerTypes(trigger);
    const twice = types.find((type, place) => types.indexOf(type) !== place);
    if (twice !== undefined) problems.add([...at, index], `"${twice}" stands twice in one join`);
  });
  const plain = fn.triggers.flatMap((trigger) => (trigger.kind === 'event' ? [trigger.type] : []));
  const again = plain.find((type, place) => plain.indexOf(type) !== place);
  if (again !== undefined) problems.add(at, `"${again}" triggers it twice`);
}

function checkKeys(fn: TopologyFunction, topology: Topology, problems: Problems): void {
  const at = ['functions', `${fn.area}/${fn.name}`, 'triggers'];
  const keys = [...new Set(Object.values(eventCatalogue).flatMap((definition) => definition.key ?? []))];
  if (fn.promises !== undefined && !keys.includes(fn.promises)) {
    problems.addUnknown(['functions', `${fn.area}/${fn.name}`, 'promises'], 'the key', fn.promises, keys);
  }
  for (const trigger of fn.triggers) {
    if (trigger.kind === 'all' && trigger.each !== undefined) {
      const keyed = trigger.types.some((type) => eventCatalogue[type].key === trigger.each);
      if (!keyed) {
        const hint = nearestWord(trigger.each, keys);
        problems.add(
          at,
          `no event of this join has the key "${trigger.each}"${hint ? `; did you mean "${hint}"?` : ''}`,
        );
      }
    }
    if (trigger.kind === 'all' && trigger.each === undefined) {
      for (const type of trigger.types) {
        const key = eventCatalogue[type].key;
        if (key === undefined) continue;
        problems.add(at, `"${type}" comes once for each ${key}; say { all: […], each: ${key} }`);
      }
    }
    if (trigger.kind === 'each-of') {
      const key = eventCatalogue[trigger.type].key;
      const promiser = topology.functions.find((other) => producedBy(other).includes(trigger.of));
      if (key === undefined)
        problems.add(at, `"${trigger.type}" has no key, so its parts cannot be told apart`);
      else if (promiser?.promises !== key) {
        problems.add(at, `the function that emits "${trigger.of}" must say { promises: ${key} }`);
      }
    }
  }
}

function reportCircle(topology: Topology, problems: Problems): void {
  const state = new Map<string, 'open' | 'closed'>();
  const visit = (fn: TopologyFunction, trail: readonly string[]): void => {
    if (state.get(fn.name) === 'closed') return;
    if (state.get(fn.name) === 'open') {
      const circle = [...trail.slice(trail.indexOf(fn.name)), fn.name].join(' → ');
      problems.add(
        ['functions', `${fn.area}/${fn.name}`],
        `the flow runs in a circle without a way out: ${circle}`,
      );
      return;
    }
    state.set(fn.name, 'open');
    const types = producedBy(fn);
    for (const next of topology.functions) {
      if (next.triggers.flatMap(triggerTypes).some((type) => types.includes(type)))
        visit(next, [...trail, fn.name]);
    }
    state.set(fn.name, 'closed');
  };
  for (const fn of topology.functions) visit(fn, []);
}
