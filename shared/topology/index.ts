/** The topology: `events.yaml` read, checked against the event catalogue, and asked questions. */
export { flowFunctions } from './flow.ts';
export { lineIn } from './line-of.ts';
export type {
  ClusterProfile,
  JoinTrigger,
  Profile,
  ProviderLimit,
  SessionBudget,
  Toleration,
  Topology,
  TopologyFunction,
  Trigger,
} from './model.ts';
export { producedBy, triggerTypes } from './model.ts';
export { type ReadOptions, readTopology } from './read-topology.ts';
export { poolSize } from './sessions.ts';
