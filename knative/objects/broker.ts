import { BROKER } from '../installation.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { delivery } from './delivery.ts';

/**
 * Carries wake-ups only, and the ledger re-sends those that get lost: the in-memory class will do
 * (docs/decisions: broker class). The asynchronous handler answers as soon as it has the event; else a sender would wait
 * for all subscribers and their retries, and hear of the failure of one what others have had (findings: 500).
 */
export const broker: KubernetesObject = {
  apiVersion: 'eventing.knative.dev/v1',
  kind: 'Broker',
  metadata: {
    name: BROKER,
    annotations: {
      'eventing.knative.dev/broker.class': 'MTChannelBasedBroker',
      'messaging.knative.dev/async-handler': 'true',
    },
  },
  spec: { delivery: delivery() },
};
