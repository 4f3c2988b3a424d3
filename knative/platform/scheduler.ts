import type { Images } from '../images.ts';
import { platform } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { SecretName } from '../objects/secrets.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { address, deployment, disruptionBudget } from './deployment.ts';
import { figures } from './figures.ts';

/**
 * All that time does. Of two a row of the ledger elects one; the other takes over when it is gone. It exports what the
 * ledger holds, and counts the dead letters of the Broker.
 *
 * @param secrets of what carries its wake-ups
 */
export function scheduler(
  images: Images,
  { secrets = [] }: { secrets?: readonly SecretName[] } = {},
): readonly KubernetesObject[] {
  const name = 'scheduler';
  const { replicas } = platform.scheduler;
  return [
    serviceAccount(name, 'platform'),
    deployment({ name, images, replicas, figures: figures.small, secrets: ['database', ...secrets] }),
    address(name),
    disruptionBudget(name),
  ];
}
