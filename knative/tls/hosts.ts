import type { KubernetesObject } from '../kubernetes/object.ts';

const part = { 'app.kubernetes.io/part-of': 'millrace' };

/** Names under which an installation is reached from outside. */
export interface Hosts {
  /** Requests: the Knative Service. */
  readonly api: string;
  /** The console and all that lasts: the Deployment. */
  readonly app: string;
}

/** One certificate for both names. */
const CERTIFICATE = 'millrace-tls';

/** Requests under their name, on the gateway of Knative. */
export function requestsHost({ api }: Hosts): KubernetesObject {
  return {
    apiVersion: 'serving.knative.dev/v1beta1',
    kind: 'DomainMapping',
    metadata: { name: api, labels: part },
    spec: {
      ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'ingress' },
      tls: { secretName: CERTIFICATE },
    },
  };
}

/**
 * Grants the name to the namespace, which Knative as it comes does for nobody. It belongs to the cluster, so whoever
 * administers that applies it; no sync of ours may.
 */
export function hostGrant({ api }: Hosts, namespace: string): KubernetesObject {
  return {
    apiVersion: 'networking.internal.knative.dev/v1alpha1',
    kind: 'ClusterDomainClaim',
    metadata: { name: api, labels: part },
    spec: { namespace },
  };
}

/**
 * What lasts, on the cluster's own controller of Ingress objects. It must not end a stream for being silent. By the
 * annotation cert-manager gets and renews the certificate of both names; the operator's ClusterIssuer proves by DNS
 * that they are his, since requests and streams arrive at different gateways.
 */
export function streamsHost({ api, app }: Hosts): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'streams',
      labels: part,
      annotations: {
        'cert-manager.io/cluster-issuer': 'letsencrypt',
        'cert-manager.io/private-key-algorithm': 'ECDSA',
        'cert-manager.io/private-key-rotation-policy': 'Always',
        'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
        'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
        'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
        'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
        'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      },
    },
    spec: {
      tls: [{ hosts: [app, api], secretName: CERTIFICATE }],
      rules: [
        {
          host: app,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'streams', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    },
  };
}
