/** The topology: `events.yaml` read, checked against the event catalogue, and asked questions. */
export { producedBy } from './check-flow.ts';
export { flowFunctions } from './flow.ts';
export type { JoinTrigger, Profile, Topology, TopologyFunction, Trigger } from './model.ts';
export { triggerTypes } from './model.ts';
export { type ReadOptions, readTopology } from './read-topology.ts';
