import type { Topology } from '#shared/topology';
import type { KubernetesObject } from './kubernetes/object.ts';

/** What everything is generated from. */
export interface Source {
  readonly topology: Topology;
  /** Text of `versions.yaml`. */
  readonly versions: string;
  /** Text of `digests.yaml`; empty where nothing was pushed yet. */
  readonly digests: string;
  /** Version of the platform's own image. */
  readonly platform: string;
}

/** Text by path within `knative/generated`. */
export type Files = Readonly<Record<string, string>>;
/** Objects by path there. */
export type Objects = Readonly<Record<string, readonly KubernetesObject[]>>;
