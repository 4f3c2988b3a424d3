import type { FunctionDefinition } from '#shared/function';
import type { PortLoaders } from '#shared/ports';
import type { Profile, TopologyFunction } from '#shared/topology';

/** A function and what its process must know of `events.yaml`, which its bundle does not carry. */
export interface DeployedFunction {
  readonly definition: FunctionDefinition;
  readonly topology: TopologyFunction;
  readonly profile: Profile;
  /** CloudEvents `source` of what it emits. */
  readonly source: string;
  /** Of all functions: its commits wake others. */
  readonly lanes: readonly string[];
  /** Makers of the ports that it needs. */
  readonly ports: PortLoaders;
}
