import type { Images } from '../images.ts';
import { platform } from '../installation.ts';
import { labels } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { SecretName } from '../objects/secrets.ts';
import { serviceAccount } from '../objects/service-account.ts';
import { address, deployment, disruptionBudget } from './deployment.ts';
import { figures } from './figures.ts';

/**
 * The same interface for what lasts: WebSocket, SSE, Socket.IO, and the console, which uses them. queue-proxy ends a
 * stream at its time limit with 200 and the words "request timeout" in it (findings), so streams do not go through it.
 */
export function streams(images: Images, secrets: readonly SecretName[]): readonly KubernetesObject[] {
  const name = 'streams';
  return [
    serviceAccount(name, 'platform'),
    deployment({ name, images, figures: figures.door, secrets, keys: 'signing keys' }),
    address(name),
    disruptionBudget(name),
    autoscaler(name),
  ];
}

function autoscaler(name: string): KubernetesObject {
  const { min, max } = platform.streams;
  const used = (resource: string, averageUtilization: number) => ({
    type: 'Resource',
    resource: { name: resource, target: { type: 'Utilization', averageUtilization } },
  });
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, labels: labels({ name, component: 'platform' }) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: min,
      maxReplicas: max,
      // An open stream is little work and much memory.
      metrics: [used('cpu', 70), used('memory', 80)],
      // A pod that goes takes its streams with it, and all of them come back at once.
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 600,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
        },
      },
    },
  };
}
