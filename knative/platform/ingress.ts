import type { Images } from '../images.ts';
import { PLATFORM_IMAGE, platform } from '../installation.ts';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { SecretName } from '../objects/secrets.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { environmentOf } from '../pod/environment.ts';
import { resources } from '../pod/resources.ts';
import { containerSecurity } from '../pod/security.ts';
import { tmpMount, tmpVolume } from '../pod/volumes.ts';
import { disruptionBudget } from './deployment.ts';
import { figures } from './figures.ts';
import { signingKeys } from './signing-keys.ts';

/** A request, an upload to us among them; whatever lasts longer is a stream, and for its Deployment. */
const REQUEST_SECONDS = 120;
const REQUESTS_AT_ONCE = 200;

/**
 * The HTTP interface for requests. Two are always there, so that nobody waits for a start. It stays ready without the
 * ledger: its own answers say more than a gateway's 503.
 */
export function ingress(images: Images, secrets: readonly SecretName[]): readonly KubernetesObject[] {
  const name = 'ingress';
  const { min, max } = platform.ingress;
  const all = labels({ name, component: 'platform', version: images.version(PLATFORM_IMAGE) });
  const health = { httpGet: { path: '/health' } };
  return [
    serviceAccount(name, 'platform'),
    disruptionBudget(name),
    {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name, labels: all },
      spec: {
        template: {
          metadata: {
            labels: all,
            annotations: {
              'autoscaling.knative.dev/min-scale': String(min),
              'autoscaling.knative.dev/max-scale': String(max),
              'autoscaling.knative.dev/target-utilization-percentage': '50',
            },
          },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            containerConcurrency: REQUESTS_AT_ONCE,
            timeoutSeconds: REQUEST_SECONDS,
            responseStartTimeoutSeconds: REQUEST_SECONDS,
            containers: [
              {
                image: images.reference(PLATFORM_IMAGE),
                args: [name],
                envFrom: environmentOf(secrets),
                readinessProbe: health,
                livenessProbe: health,
                resources: resources(figures.door),
                securityContext: containerSecurity,
                volumeMounts: [tmpMount, signingKeys.mount],
              },
            ],
            volumes: [tmpVolume(figures.door.tmpBytes), signingKeys.volume],
          },
        },
      },
    },
  ];
}
