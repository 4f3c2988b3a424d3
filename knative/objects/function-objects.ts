import type { Topology, TopologyFunction } from '#shared/topology';
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
}): readonly KubernetesObject[] {
  const { fn, topology, images } = options;
  const profile = clusterReady(topology, fn);
  return [
    serviceAccount(fn.name, 'function'),
    ...(profile.run === 'job'
      ? [jobSink({ fn, profile, images }), eventPolicy(fn)]
      : [service({ fn, profile, images })]),
    trigger({ fn, profile }),
  ];
}
