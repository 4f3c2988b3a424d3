import type { Images } from '../images.ts';
import { PLATFORM_IMAGE } from '../installation.ts';
import { dashed, labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { migrationWave } from '../kubernetes/sync-wave.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { environmentOf } from '../pod/environment.ts';
import { resources } from '../pod/resources.ts';
import { containerSecurity, podSecurity } from '../pod/security.ts';
import { tmpMount, tmpVolume } from '../pod/volumes.ts';
import { figures } from './figures.ts';

const DEADLINE_SECONDS = 1800;
const KEPT_SECONDS = 86_400;

/**
 * Brings the ledger to what the new code expects, before that code comes; the old code runs on it meanwhile. A Job
 * cannot be changed, so its name holds the version that it belongs to.
 */
export function migration(images: Images): readonly KubernetesObject[] {
  const version = images.version(PLATFORM_IMAGE);
  const all = labels({ name: 'migrate', component: 'platform', version });
  return [
    serviceAccount('migrate', 'platform'),
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: `migrate-${dashed(version)}`,
        labels: all,
        annotations: {
          'argocd.argoproj.io/hook': 'Sync',
          'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
          ...migrationWave,
        },
      },
      spec: {
        // Migrations take a lock and are done once: to try again does no harm, and a new ledger takes minutes to come.
        backoffLimit: 8,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        ttlSecondsAfterFinished: KEPT_SECONDS,
        template: {
          metadata: { labels: all },
          spec: {
            restartPolicy: 'Never',
            serviceAccountName: 'migrate',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: podSecurity,
            containers: [
              {
                name: 'migrate',
                image: images.reference(PLATFORM_IMAGE),
                args: ['migrate'],
                // No settings: a Job cannot be changed, and it needs to know nothing but where the ledger is.
                envFrom: environmentOf(['database'], { settings: false }),
                resources: resources(figures.small),
                securityContext: containerSecurity,
                volumeMounts: [tmpMount],
              },
            ],
            volumes: [tmpVolume(figures.small.tmpBytes)],
          },
        },
      },
    },
  ];
}
