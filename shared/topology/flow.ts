import { producedBy, type Topology, type TopologyFunction, type Trigger, triggerTypes } from './model.ts';

/** All functions that a flow holds and reaches from its first events, each after those it waits for. */
export function flowFunctions(topology: Topology, flow: string): readonly TopologyFunction[] {
  const described = topology.flows[flow];
  if (described === undefined) return [];
  const { starts, functions: held } = described;
  const functions = topology.functions.filter(({ name }) => held?.includes(name) ?? true);
  const depth = new Map<TopologyFunction, number>();
  const known = new Map<string, number>(starts.map((type) => [type, 0]));
  // Each round settles one more; a flow in a circle, which the check refuses, would have no last one.
  for (let changed = true, rounds = 0; changed && rounds <= functions.length; rounds++) {
    changed = false;
    for (const fn of functions) {
      const reached = fn.triggers.map((trigger) => depthOf(trigger, known)).filter((at) => at !== undefined);
      if (reached.length === 0) continue;
      const at = 1 + Math.max(...reached);
      if (depth.get(fn) === at) continue;
      depth.set(fn, at);
      for (const type of producedBy(fn)) known.set(type, Math.max(known.get(type) ?? 0, at));
      changed = true;
    }
  }
  return [...depth].sort(([, a], [, b]) => a - b).map(([fn]) => fn);
}

/** Where a trigger stands: behind the last of its events; undefined while one of them is not reached. */
function depthOf(trigger: Trigger, known: ReadonlyMap<string, number>): number | undefined {
  const depths = triggerTypes(trigger).map((type) => known.get(type));
  if (depths.length === 0 || depths.some((at) => at === undefined)) return undefined;
  return Math.max(...depths.map((at) => at ?? 0));
}
