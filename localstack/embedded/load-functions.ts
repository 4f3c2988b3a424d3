import { Permanent } from '#shared/errors';
import type { FunctionDefinition } from '#shared/function';
import type { Topology, TopologyFunction } from '#shared/topology';

/** Loads the code of a lane's functions from their folders. @throws Permanent `function-misnamed` */
export async function loadFunctions(
  topology: Topology,
  lane: string,
): Promise<{ definition: FunctionDefinition; topology: TopologyFunction }[]> {
  const mine = topology.functions.filter(({ profile }) => profile === lane);
  return Promise.all(mine.map(async (fn) => ({ definition: await loadFunction(fn), topology: fn })));
}

/** Loads one function from its folder. @throws Permanent `function-misnamed` */
export async function loadFunction({ area, name }: TopologyFunction): Promise<FunctionDefinition> {
  const url = new URL(`../../functions/${area}/${name}/function.ts`, import.meta.url);
  const loaded = (await import(url.href)) as { default: FunctionDefinition };
  if (loaded.default?.name !== name) {
    throw new Permanent(
      'function-misnamed',
      `functions/${area}/${name}/function.ts must default-export defineFunction({ name: '${name}' }).`,
    );
  }
  return loaded.default;
}
