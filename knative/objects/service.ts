import type { TopologyFunction } from '#shared/topology';
import type { FunctionWants } from '../functions/read-function.ts';
import type { Images } from '../images.ts';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { seconds } from '../kubernetes/quantity.ts';
import { environmentOf, reachOf, secretsOf } from '../pod/environment.ts';
import type { ClusterReady } from '../pod/figures.ts';
import { resources } from '../pod/resources.ts';
import { secretFiles } from '../pod/secret-files.ts';
import { containerSecurity } from '../pod/security.ts';
import { tmpMount, tmpVolume } from '../pod/volumes.ts';
import { requestSeconds } from './request-time.ts';

const health = { httpGet: { path: '/health' } };

/** A function that answers requests: from none to as many pods as its wake-ups need. */
export function service(options: {
  fn: TopologyFunction;
  profile: ClusterReady;
  images: Images;
  wants: FunctionWants;
}): KubernetesObject {
  const { fn, profile, images, wants } = options;
  const { name } = fn;
  const files = secretFiles(fn, wants);
  const all = labels({
    name,
    component: 'function',
    version: images.version(name),
    profile: fn.profile,
  });
  const limit = requestSeconds(profile.timeoutMs);
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name, labels: { ...all, 'networking.knative.dev/visibility': 'cluster-local' } },
    spec: {
      template: {
        metadata: {
          labels: { ...all, ...reachOf(wants) },
          // Scaling belongs to the template: on the Service itself it is refused.
          annotations: {
            'autoscaling.knative.dev/min-scale': String(profile.scale.min),
            'autoscaling.knative.dev/max-scale': String(profile.scale.max),
            'autoscaling.knative.dev/scale-to-zero-pod-retention-period': `${seconds(profile.podRetentionMs)}s`,
          },
        },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          containerConcurrency: profile.concurrency,
          timeoutSeconds: limit,
          // 300 by default, which would cut a silent handler before its time.
          responseStartTimeoutSeconds: limit,
          containers: [
            {
              image: images.reference(name),
              envFrom: environmentOf(secretsOf(wants)),
              ...files.env,
              // Not /ready: a ledger that is away is answered with 503, which is retried, and no reason to wait for a start.
              readinessProbe: health,
              livenessProbe: health,
              resources: resources(profile),
              securityContext: containerSecurity,
              volumeMounts: [tmpMount, ...files.mounts],
            },
          ],
          volumes: [tmpVolume(profile.tmpBytes), ...files.volumes],
        },
      },
    },
  };
}
