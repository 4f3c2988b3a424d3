import type { Topology, TopologyFunction } from '#shared/topology';
import type { Images } from '../../knative/images.ts';
import { document } from '../../knative/kubernetes/write-yaml.ts';
import { clusterReady } from '../../knative/pod/figures.ts';
import { COMMUNITY_EDITION } from '../editions.ts';
import { functionEntry } from './function-entry.ts';
import type { Stack } from './stack.ts';

const GATEWAY = `\${OPENFAAS_URL:-http://127.0.0.1:8080}`;

/** `stack.yaml`, for `faas-cli deploy -f`. What cannot run there is named on top of it. */
export function writeStack(topology: Topology, images: Images): string {
  const [able, unable] = byGpu(topology);
  const stack: Stack = {
    version: '1.0',
    provider: { name: 'openfaas', gateway: GATEWAY },
    functions: Object.fromEntries(
      able.map((fn) => [fn.name, functionEntry({ fn, profile: clusterReady(topology, fn), images })]),
    ),
  };
  return [...header(able, unable), document(stack)].join('\n');
}

/** A stack file has no word for GPUs: functions that need one stay on Knative, or on a machine that has it. */
function byGpu(topology: Topology): readonly [TopologyFunction[], TopologyFunction[]] {
  const { functions } = topology;
  const needs = (fn: TopologyFunction) => clusterReady(topology, fn).gpu > 0;
  return [functions.filter((fn) => !needs(fn)), functions.filter(needs)];
}

function header(able: readonly TopologyFunction[], unable: readonly TopologyFunction[]): readonly string[] {
  const { functions: most } = COMMUNITY_EDITION;
  const names = unable.map(({ name }) => name).join(', ');
  return [
    '# Generated from events.yaml and versions.yaml: npm run generate',
    `# ${able.length} functions; the Community Edition takes ${most}${
      able.length > most ? ': choose with --filter or --regex (docs/openfaas.md)' : ''
    }.`,
    ...(unable.length === 0 ? [] : [`# Not here, for a stack file has no word for GPUs: ${names}.`]),
  ];
}
