import type { Images } from '../images.ts';
import { platform } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { address, deployment, disruptionBudget } from './deployment.ts';
import { figures } from './figures.ts';

/**
 * Takes notices of stores (SQS, or the webhook of MinIO) and makes events of them, with ids that follow from what is in
 * the bucket, so that a notice that comes twice is one event. Knative's own sources do not: IntegrationSource deletes
 * objects, or changes ids when a message comes again (findings).
 */
export function adapter(images: Images): readonly KubernetesObject[] {
  const name = 'adapter';
  const { replicas } = platform.adapter;
  return [
    serviceAccount(name, 'platform'),
    // The webhook is for who has a token.
    deployment({
      name,
      images,
      replicas,
      figures: figures.small,
      secrets: ['database', 'objects', 'collector'],
      keys: 'signing keys',
    }),
    address(name),
    disruptionBudget(name),
  ];
}
