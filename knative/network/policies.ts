import { namespaces, PORT } from '../installation.ts';
import { reaching, selects } from '../kubernetes/labels.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { inNamespace, knative, ours, outside, tcp } from './peers.ts';
import { policy } from './policy.ts';

/** queue-proxy: HTTP/1 and HTTP/2, its own probes, and with TLS within the cluster. */
const QUEUE_PROXY = [8012, 8013, 8112, 8022];
/** Where queue-proxy tells Knative's autoscaler how much there is to do (`AutoscalingQueueMetricsPort`). */
const AUTOSCALING = 9090;
/** Broker ingress, channel dispatcher: plain, and with TLS within the cluster. */
const EVENTING = [80, 443, 8080, 8443];
/** Gateway and activator, from within: plain, and with TLS. */
const GATEWAY = [80, 443, 8012, 8013, 8080, 8081, 8443, 8444];
/** MinIO and Garage within the cluster. */
const STORES = [9000, 3900];
const POSTGRES = [5432, 6432];
/** Submission, with TLS from the start or after it; the port of old. */
const SMTP = [465, 587, 25];
const part = { 'app.kubernetes.io/part-of': 'millrace' };
const functions = { ...part, 'app.kubernetes.io/component': 'function' };
/** Requests from gateway and activator; without the autoscaler's look there would never be more pods than the least. */
const ofServices = [
  { from: knative, ports: tcp(...QUEUE_PROXY) },
  { from: [inNamespace(namespaces.serving)], ports: tcp(AUTOSCALING) },
];

/** Default deny, then what is needed, outgoing too. */
export const networkPolicies: readonly KubernetesObject[] = [
  policy({ name: 'deny-all', pods: 'all', ingress: [], egress: [] }),
  policy({
    name: 'names',
    pods: 'all',
    egress: [
      {
        to: [inNamespace(namespaces.dns)],
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
    ],
  }),
  // The ledger here or elsewhere, objects and models behind HTTPS, wake-ups, spans.
  policy({
    name: 'work',
    pods: part,
    egress: [
      { to: [outside], ports: tcp(...POSTGRES, 443) },
      { to: [ours({ 'app.kubernetes.io/component': 'database' })], ports: tcp(5432) },
      { to: [{ namespaceSelector: {} }], ports: tcp(...STORES) },
      { to: [inNamespace(namespaces.eventing)], ports: tcp(...EVENTING) },
      { to: [inNamespace(namespaces.monitoring)], ports: tcp(4318) },
    ],
  }),
  policy({
    name: 'mail',
    pods: { ...part, ...reaching.mail },
    egress: [{ to: [outside], ports: tcp(...SMTP) }],
  }),
  // That none of these addresses is within the cluster is seen to by whoever asks (`#shared/outbound`).
  policy({
    name: 'web',
    pods: { ...part, ...reaching.web },
    egress: [{ to: [outside], ports: tcp(80) }],
  }),
  policy({
    name: 'functions',
    pods: functions,
    ingress: ofServices,
  }),
  policy({
    name: 'ingress',
    pods: selects('ingress'),
    ingress: ofServices,
    // Commands go to the function that answers them.
    egress: [{ to: knative, ports: tcp(...GATEWAY) }],
  }),
  policy({
    name: 'streams',
    pods: selects('streams'),
    // The controller of Ingress objects runs in a namespace that every cluster names otherwise.
    ingress: [{ from: [{ namespaceSelector: {} }], ports: tcp(PORT) }],
    egress: [{ to: knative, ports: tcp(...GATEWAY) }],
  }),
  policy({
    name: 'scheduler',
    pods: selects('scheduler'),
    ingress: [{ from: [inNamespace(namespaces.eventing), ours(selects('smoke'))], ports: tcp(PORT) }],
  }),
  policy({
    name: 'adapter',
    pods: selects('adapter'),
    // The webhook of a store within the cluster; what it says is checked at the store itself.
    ingress: [{ from: [{ namespaceSelector: {} }], ports: tcp(PORT) }],
  }),
  policy({
    name: 'metrics',
    pods: part,
    ingress: [{ from: [inNamespace(namespaces.monitoring)], ports: tcp(PORT) }],
  }),
  policy({
    name: 'smoke',
    pods: selects('smoke'),
    egress: [
      { to: knative, ports: tcp(...GATEWAY) },
      { to: [ours(part)], ports: tcp(PORT) },
    ],
  }),
];
