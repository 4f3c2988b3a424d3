import { Permanent } from '#shared/errors';
import type { FunctionDefinition } from '#shared/function';
import type { Topology, TopologyFunction } from '#shared/topology';

/** Loads the code of a lane's functions from their folders. @throws Permanent `function-misnamed` */
export async function loadFunctions(
  topology: Topology,
  lane: string,
): Promise<{ definition: FunctionDefinition; topology: TopologyFunction }[]> {
  const mine = topology.functions.filter(({ profile }) => profile === lane);
  return Promise.all(
    mine.map(async (fn) => {
      const url = new URL(`../../functions/${fn.area}/${fn.name}/function.ts`, import.meta.url);
      const loaded = (await import(url.href)) as { default: FunctionDefinition };
      if (loaded.default?.name !== fn.name) {
        throw new Permanent(
          'function-misnamed',
          `functions/${fn.area}/${fn.name}/function.ts must default-export defineFunction({ name: '${fn.name}' }).`,
        );
      }
      return { definition: loaded.default, topology: fn };
    }),
  );
}
