import type { Images } from '../images.ts';
import { platform } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { address, deployment, disruptionBudget } from './deployment.ts';
import { figures } from './figures.ts';

/**
 * All that time does. Of two a row of the ledger elects one; the other takes over when it is gone. It exports what the
 * ledger holds, and counts the dead letters of the Broker.
 */
export function scheduler(images: Images): readonly KubernetesObject[] {
  const name = 'scheduler';
  const { replicas } = platform.scheduler;
  return [
    serviceAccount(name, 'platform'),
    deployment({ name, images, replicas, figures: figures.small }),
    address(name),
    disruptionBudget(name),
  ];
}
