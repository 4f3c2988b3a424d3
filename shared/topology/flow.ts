import { producedBy } from './check-flow.ts';
import { type Topology, type TopologyFunction, triggerTypes } from './model.ts';

/** All functions that a flow reaches from its first event, each after those it waits for. */
export function flowFunctions(topology: Topology, flow: string): readonly TopologyFunction[] {
  const starts = topology.flows[flow]?.starts;
  if (starts === undefined) return [];
  const depth = new Map<TopologyFunction, number>();
  const known = new Map<string, number>([[starts, 0]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const fn of topology.functions) {
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
