import type { Topology } from '#shared/topology';
import type { Wants } from './functions/wants.ts';
import type { KubernetesObject } from './kubernetes/object.ts';

/** What everything is generated from. */
export interface Source {
  readonly topology: Topology;
  /** Text of `events.yaml`, to say in which line something is wrong. */
  readonly page: string;
  /** What functions and commands must be given. */
  readonly wants: Wants;
  /** Text of `versions.yaml`. */
  readonly versions: string;
  /** Text of `digests.yaml`; empty where nothing was pushed yet. */
  readonly digests: string;
}

/** Text by path within `knative/generated`. */
export type Files = Readonly<Record<string, string>>;
/** Objects by path there. */
export type Objects = Readonly<Record<string, readonly KubernetesObject[]>>;
