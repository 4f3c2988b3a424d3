import { Permanent } from '#shared/errors';
import type { ClusterProfile, Profile, Topology, TopologyFunction } from '#shared/topology';

/** A profile with all that a cluster asks of it. */
export type ClusterReady = Profile & ClusterProfile;

/** @throws Permanent `profile-unknown` */
export function clusterReady(topology: Topology, { name, profile }: TopologyFunction): ClusterReady {
  const found = topology.profiles[profile];
  if (found?.cluster === undefined)
    throw new Permanent(
      'profile-unknown',
      `${name}: events.yaml has no figures of the profile "${profile}".`,
    );
  return { ...found, ...found.cluster };
}
