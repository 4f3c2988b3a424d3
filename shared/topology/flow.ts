import { producedBy, type Topology, type TopologyFunction, triggerTypes } from './model.ts';

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
      const depths = fn.triggers.flatMap(triggerTypes).map((type) => known.get(type));
      if (depths.length === 0 || depths.some((at) => at === undefined)) continue;
      const at = 1 + Math.max(...depths.map((value) => value ?? 0));
      if (depth.get(fn) === at) continue;
      depth.set(fn, at);
      for (const type of producedBy(fn)) known.set(type, Math.max(known.get(type) ?? 0, at));
      changed = true;
    }
  }
  return [...depth].sort(([, a], [, b]) => a - b).map(([fn]) => fn);
}
