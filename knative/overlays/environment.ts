import type { Topology } from '#shared/topology';
import type { Environment } from '../environments.ts';
import { CONFIG } from '../installation.ts';
import { rulesIn } from '../monitoring/rules.ts';
import { brokerUrl } from '../platform/config-map.ts';
import type { Kustomization, Patch } from './kustomization.ts';

/** What is different in one environment: its namespace, its hosts, how much of everything there may be. */
export function environmentOverlay(environment: Environment, topology: Topology): Kustomization {
  const { namespace, size, database } = environment;
  return {
    namespace,
    resources: ['../../base', 'hosts.yaml', 'smoke.yaml'],
    components: [
      ...(database === 'here' ? ['../../components/postgres'] : []),
      '../../components/monitoring',
    ],
    patches: [
      settings(environment),
      rulesIn(namespace),
      ...(size === 'small' ? [...fewerPods(topology), ...(database === 'here' ? [smallDatabase] : [])] : []),
    ],
  };
}

function settings({ namespace, logLevel, buckets, hosts }: Environment): Patch {
  return {
    target: { kind: 'ConfigMap', name: CONFIG },
    change: [
      { op: 'replace', path: '/data/BROKER_URL', value: brokerUrl.channel(namespace) },
      { op: 'replace', path: '/data/LOG_LEVEL', value: logLevel },
      { op: 'replace', path: '/data/PUBLIC_URL', value: `https://${hosts.app}` },
      { op: 'replace', path: '/data/INBOX_BUCKET', value: `${buckets}-inbox` },
      { op: 'replace', path: '/data/ARTIFACTS_BUCKET', value: `${buckets}-artifacts` },
    ],
  };
}

/** One instance, on small disks. */
const smallDatabase: Patch = {
  target: { kind: 'Cluster', name: 'ledger' },
  change: [
    { op: 'replace', path: '/spec/instances', value: 1 },
    { op: 'replace', path: '/spec/storage/size', value: '10Gi' },
    { op: 'replace', path: '/spec/walStorage/size', value: '5Gi' },
  ],
};

/** A tenth of the pods, one of each at least. */
function fewerPods({ functions, profiles }: Topology): readonly Patch[] {
  return functions.flatMap(({ name, profile }) => {
    const { run, scale: bounds } = profiles[profile] ?? {};
    if (run !== 'service' || bounds === undefined) return [];
    return [
      {
        target: { kind: 'Service', name },
        change: [
          {
            op: 'replace' as const,
            path: '/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale',
            value: String(Math.max(1, bounds.min, Math.ceil(bounds.max / 10))),
          },
        ],
      },
    ];
  });
}
