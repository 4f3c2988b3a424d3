import { type TopologyFunction, triggerTypes } from '#shared/topology';
import type { FunctionWants } from '../../knative/functions/read-function.ts';
import type { Images } from '../../knative/images.ts';
import { labels } from '../../knative/kubernetes/labels.ts';
import { quantity, seconds } from '../../knative/kubernetes/quantity.ts';
import type { ClusterReady } from '../../knative/pod/figures.ts';
import { environmentOf, secretsOf } from './environment.ts';
import type { StackFunction } from './stack.ts';

/**
 * One function: the same image as on Knative, whose process answers `/_/health` and `/_/ready` on port 8080 by itself
 * (https://docs.openfaas.com/reference/workloads), with or without a watchdog before it.
 */
export function functionEntry(options: {
  fn: TopologyFunction;
  profile: ClusterReady;
  images: Images;
  wants: FunctionWants;
}): StackFunction {
  const { fn, profile, images, wants } = options;
  const { name, triggers } = fn;
  const topics = [...new Set(triggers.flatMap(triggerTypes))];
  return {
    image: images.reference(name),
    skip_build: true,
    readonly_root_filesystem: true,
    limits: { cpu: profile.cpu, memory: quantity(profile.memoryBytes) },
    requests: { cpu: profile.requests.cpu, memory: quantity(profile.requests.memoryBytes) },
    labels: {
      ...labels({ name, component: 'function', version: images.version(name), profile: fn.profile }),
      ...scaling(profile),
    },
    annotations: {
      // Who reads the gateway's list sees what wakes it. Wake-ups themselves name the function.
      ...(topics.length === 0 ? {} : { topic: topics.join(',') }),
      'com.openfaas.health.http.path': '/_/health',
      'com.openfaas.ready.http.path': '/_/ready',
      'prometheus.io.scrape': 'true',
      'prometheus.io.path': '/metrics',
      'prometheus.io.port': '8080',
    },
    environment: environmentOf(profile),
    secrets: secretsOf(wants),
  };
}

/** By requests under way, of which a pod takes as many as it has slots; the Community Edition keeps to `min` and `max` alone. */
function scaling({ scale, concurrency, podRetentionMs }: ClusterReady): Record<string, string> {
  return {
    'com.openfaas.scale.min': String(Math.max(scale.min, 1)),
    'com.openfaas.scale.max': String(scale.max),
    'com.openfaas.scale.type': 'capacity',
    'com.openfaas.scale.target': String(concurrency),
    'com.openfaas.scale.zero': String(scale.min === 0),
    'com.openfaas.scale.zero-duration': `${seconds(podRetentionMs)}s`,
  };
}
