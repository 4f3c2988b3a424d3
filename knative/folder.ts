import type { KubernetesObject } from './kubernetes/object.ts';

/** Text by path within `knative/generated`. */
export type Files = Readonly<Record<string, string>>;
/** Objects by path there. */
export type Objects = Readonly<Record<string, readonly KubernetesObject[]>>;
