import type { Images } from '../../knative/images.ts';
import type { KubernetesObject } from '../../knative/kubernetes/object.ts';
import { serviceAccount } from '../../knative/objects/service-account.ts';
import { address, deployment, disruptionBudget } from '../../knative/platform/deployment.ts';
import { figures } from '../../knative/platform/figures.ts';
import { gatewayAccess } from './gateway-secret.ts';

/** Both look for due work; a row is locked by whoever takes its wake-up, so that it is sent once. */
const REPLICAS = 2;

/** Sends the wake-ups of due work to the gateway. */
export function dispatcher(images: Images): readonly KubernetesObject[] {
  const name = 'dispatcher';
  return [
    serviceAccount(name, 'platform'),
    deployment({
      ...{ name, images, replicas: REPLICAS, figures: figures.small },
      secrets: ['database', 'objects'],
      envFrom: [gatewayAccess],
    }),
    address(name),
    disruptionBudget(name),
  ];
}
