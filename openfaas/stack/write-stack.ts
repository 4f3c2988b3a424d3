import type { Topology, TopologyFunction } from '#shared/topology';
import type { FunctionWants } from '../../knative/functions/read-function.ts';
import type { Wants } from '../../knative/functions/wants.ts';
import type { Images } from '../../knative/images.ts';
import { document } from '../../knative/kubernetes/write-yaml.ts';
import { clusterReady } from '../../knative/pod/figures.ts';
import { COMMUNITY_EDITION } from '../editions.ts';
import { functionEntry } from './function-entry.ts';
import type { Stack } from './stack.ts';

const GATEWAY = `\${OPENFAAS_URL:-http://127.0.0.1:8080}`;

/** Its key is a file in a folder of keys, and a secret of OpenFaaS is a file of the one folder of secrets. */
const KEYED = 'webPush';
const NOTHING: FunctionWants = { ports: [], objects: false };

/** `stack.yaml`, for `faas-cli deploy -f`. What cannot run there is named on top of it. */
export function writeStack(options: { topology: Topology; images: Images; wants: Wants }): string {
  const { topology, images, wants } = options;
  const { functions } = topology;
  const needsGpu = (fn: TopologyFunction) => clusterReady(topology, fn).gpu > 0;
  const needsKey = ({ name }: TopologyFunction) => wants[name]?.ports.includes(KEYED) ?? false;
  const able = functions.filter((fn) => !needsGpu(fn) && !needsKey(fn));
  const stack: Stack = {
    version: '1.0',
    provider: { name: 'openfaas', gateway: GATEWAY },
    functions: Object.fromEntries(
      able.map((fn) => [
        fn.name,
        functionEntry({ fn, profile: clusterReady(topology, fn), images, wants: wants[fn.name] ?? NOTHING }),
      ]),
    ),
  };
  const notHere = [
    ...missing('a stack file has no word for GPUs', functions.filter(needsGpu)),
    ...missing('no secret of OpenFaaS is the file of a key', functions.filter(needsKey)),
  ];
  return [...header(able), ...notHere, document(stack)].join('\n');
}

/** Such functions run on Knative, or on a machine that has it. */
function missing(why: string, functions: readonly TopologyFunction[]): readonly string[] {
  const names = functions.map(({ name }) => name).join(', ');
  return functions.length === 0 ? [] : [`# Not here, for ${why}: ${names}.`];
}

function header(able: readonly TopologyFunction[]): readonly string[] {
  const { functions: most } = COMMUNITY_EDITION;
  return [
    '# Generated from events.yaml and versions.yaml: npm run generate',
    `# ${able.length} functions; the Community Edition takes ${most}${
      able.length > most ? ': choose with --filter or --regex (docs/openfaas.md)' : ''
    }.`,
  ];
}
