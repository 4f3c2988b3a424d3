import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Permanent } from '#shared/errors';
import type { FunctionDefinition } from '#shared/function';
import type { Profile, Topology, TopologyFunction } from '#shared/topology';

/** A function with all that is known of it. */
export interface Known {
  readonly fn: TopologyFunction;
  readonly profile: Profile;
  readonly definition: FunctionDefinition;
  /** Its own folder; absolute. */
  readonly folder: string;
}

const functions = fileURLToPath(new URL('../functions/', import.meta.url));

/** @throws Permanent `function-unknown` */
export async function knownFunction(name: string, topology: Topology): Promise<Known> {
  const fn = topology.functions.find((each) => each.name === name);
  const profile = fn && topology.profiles[fn.profile];
  if (fn === undefined || profile === undefined)
    throw new Permanent('function-unknown', `events.yaml has no function "${name}".`);
  const folder = join(functions, fn.area, name);
  const loaded = (await import(pathToFileURL(join(folder, 'function.ts')).href)) as {
    default: FunctionDefinition;
  };
  return { fn, profile, folder, definition: loaded.default };
}
