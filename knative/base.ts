import { Permanent } from '#shared/errors';
import { lineIn, type Topology } from '#shared/topology';
import type { Objects, Source } from './folder.ts';
import type { Images } from './images.ts';
import { networkPolicies } from './network/policies.ts';
import { broker } from './objects/broker.ts';
import { functionObjects } from './objects/function-objects.ts';
import { namespace } from './objects/namespace.ts';
import { adapter } from './platform/adapter.ts';
import { ingress } from './platform/ingress.ts';
import { migration } from './platform/migration.ts';
import { scheduler } from './platform/scheduler.ts';
import { streams } from './platform/streams.ts';
import { secretsOfDoor } from './pod/environment.ts';
import { clusterReady } from './pod/figures.ts';

/** What was read of the project, besides which images there are. */
export type Read = Pick<Source, 'topology' | 'page' | 'wants'>;

/** @throws Permanent `name-taken`, for a function that is called like a part of the platform */
function checkNames({ functions }: Topology, page: string, objects: Objects): void {
  const taken = new Set(
    Object.entries(objects).flatMap(([path, all]) =>
      path.startsWith('functions/') ? [] : all.map(({ metadata }) => metadata.name),
    ),
  );
  const both = functions.filter(({ name }) => taken.has(name));
  if (both.length === 0) return;
  throw new Permanent(
    'name-taken',
    both
      .map(
        ({ area, name }) =>
          `events.yaml:${lineIn(page, ['functions', `${area}/${name}`])}: functions.${area}/${name}: "${name}" is a part of the platform; name it otherwise, such as "${name}-${area}"`,
      )
      .join('\n'),
  );
}

/** What every environment has. Functions that need a GPU stand in the overlay `gpu`. */
export function baseObjects(read: Read, images: Images): Objects {
  const { topology, page, wants } = read;
  const door = secretsOfDoor(topology, wants);
  const objects: Objects = {
    'namespace.yaml': [namespace],
    'network.yaml': networkPolicies,
    'broker.yaml': [broker],
    'platform/migration.yaml': migration(images),
    'platform/scheduler.yaml': scheduler(images),
    'platform/adapter.yaml': adapter(images),
    'platform/ingress.yaml': ingress(images, door),
    'platform/streams.yaml': streams(images, door),
    ...functionFiles(read, images, 'without a GPU'),
  };
  checkNames(topology, page, objects);
  return objects;
}

/** A file for each function. */
export function functionFiles(
  { topology, wants }: Read,
  images: Images,
  which: 'with a GPU' | 'without a GPU',
): Objects {
  return Object.fromEntries(
    topology.functions
      .filter((fn) => clusterReady(topology, fn).gpu > 0 === (which === 'with a GPU'))
      .map((fn) => [`functions/${fn.name}.yaml`, functionObjects({ fn, topology, images, wants })]),
  );
}
