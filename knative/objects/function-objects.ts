import type { Topology, TopologyFunction } from '#shared/topology';
import type { Wants } from '../functions/wants.ts';
import type { Images } from '../images.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { clusterReady } from '../pod/figures.ts';
import { eventPolicy } from './event-policy.ts';
import { jobSink } from './job-sink.ts';
import { service } from './service.ts';
import { serviceAccount } from './service-account.ts';
import { trigger } from './trigger.ts';

/** All that one function is on a cluster, in the order in which it is made. */
export function functionObjects(options: {
  fn: TopologyFunction;
  topology: Topology;
  images: Images;
  wants: Wants;
}): readonly KubernetesObject[] {
  const { fn, topology, images } = options;
  // Of one that cannot be read: nothing but the ledger.
  const wants = options.wants[fn.name] ?? { ports: [], objects: false };
  const profile = clusterReady(topology, fn);
  return [
    serviceAccount(fn.name, 'function'),
    ...(profile.run === 'job'
      ? [jobSink({ fn, profile, images, wants }), eventPolicy(fn)]
      : [service({ fn, profile, images, wants })]),
    trigger({ fn, profile }),
  ];
}
