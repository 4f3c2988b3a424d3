import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { HostWorld } from '../host-world.ts';
import { outsideEventContract } from './outside-events.contract.ts';
import { pathContract, rawPathContract } from './paths.contract.ts';
import type { ServedHost, ServedWorld } from './served-host.ts';
import { drainContract, wakeUpContract } from './wake-ups.contract.ts';

/** What every host does with what it is sent. The same on each: brokers must not notice which one they talk to. */
export function hostContract(
  name: string,
  options: {
    world: () => Promise<HostWorld>;
    serve: (world: HostWorld) => Promise<ServedHost>;
    /** What stands between sender and host and answers some paths itself. */
    before?: 'a proxy that cleans paths';
  },
): void {
  describe(`a host, ${name}`, () => {
    let world: HostWorld;
    let host: ServedHost;
    beforeAll(async () => {
      world = await options.world();
      host = await options.serve(world);
    });
    afterAll(async () => {
      await host.stop();
      await world.close();
    });
    beforeEach(() => world.clear());

    const at: ServedWorld = {
      get world() {
        return world;
      },
      get host() {
        return host;
      },
      send: (request) => host.send({ method: 'POST', path: '/', ...request }),
    };
    wakeUpContract(at);
    outsideEventContract(at);
    pathContract(at);
    if (options.before === undefined) rawPathContract(at);
    drainContract(at);
  });
}
