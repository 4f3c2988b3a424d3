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
import { containerSecurity, podSecurity } from '../pod/security.ts';
import { tmpMount, tmpVolume } from '../pod/volumes.ts';

/**
 * A function that runs as a Job for each wake-up. The Job's name is that of the sink with the MD5 of source + id, so the
 * same wake-up starts no second one while the first is there. It never retries: the ledger does.
 */
export function jobSink(options: {
  fn: TopologyFunction;
  profile: ClusterReady;
  images: Images;
  wants: FunctionWants;
}): KubernetesObject {
  const { fn, profile, images, wants } = options;
  const { name } = fn;
  const files = secretFiles(fn, wants);
  const all = labels({ name, component: 'function', version: images.version(name), profile: fn.profile });
  const { nodeSelector, tolerations } = profile;
  return {
    apiVersion: 'sinks.knative.dev/v1alpha1',
    kind: 'JobSink',
    metadata: { name, labels: all },
    spec: {
      job: {
        metadata: { labels: all },
        spec: {
          backoffLimit: 0,
          completions: 1,
          parallelism: 1,
          activeDeadlineSeconds: seconds(profile.activeDeadlineMs),
          ttlSecondsAfterFinished: seconds(profile.ttlAfterFinishedMs),
          template: {
            metadata: { labels: { ...all, ...reachOf(wants) } },
            spec: {
              restartPolicy: 'Never',
              serviceAccountName: name,
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: podSecurity,
              ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector }),
              ...(tolerations.length === 0 ? {} : { tolerations }),
              containers: [
                {
                  name: 'function',
                  image: images.reference(name),
                  envFrom: environmentOf(secretsOf(wants)),
                  ...files.env,
                  resources: resources(profile),
                  securityContext: containerSecurity,
                  volumeMounts: [tmpMount, ...files.mounts],
                },
              ],
              volumes: [tmpVolume(profile.tmpBytes), ...files.volumes],
            },
          },
        },
      },
    },
  };
}
