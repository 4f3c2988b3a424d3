import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveListener } from '#shared/http';
import { startWatchdog } from '../../test/openfaas/watchdog.ts';
import { nodeHandler } from './node-handler.ts';
import { hostContract } from './testing/contract/host.contract.ts';
import type { ServedHost } from './testing/contract/served-host.ts';
import { createHostWorld, type HostWorld } from './testing/host-world.ts';
import { overHttp } from './testing/over-http.ts';
import { WAKE_UP } from './wake-up.ts';

/** Its process only lives: the host that is asked is the test's own. */
const ALIVE = 'sleep 3600';

async function behindWatchdog(
  { receiver }: HostWorld,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServedHost> {
  const server = await serveListener(nodeHandler(receiver), { port: 0, hostname: '127.0.0.1' });
  const watchdog = await startWatchdog({ process: ALIVE, upstream: server.url, environment });
  return {
    send: overHttp(watchdog.url),
    async stop() {
      await watchdog.stop();
      await server.close({ graceMs: 0 });
    },
  };
}

hostContract('behind the watchdog of OpenFaaS', {
  world: () => createHostWorld(),
  serve: (world) => behindWatchdog(world),
  before: 'a proxy that cleans paths',
});

describe('the watchdog of OpenFaaS', () => {
  let world: HostWorld;
  beforeAll(async () => {
    world = await createHostWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => world.clear());

  const wake = (host: ServedHost, delivery: string) =>
    host.send({
      method: 'POST',
      headers: {
        ...{ 'ce-specversion': '1.0', 'ce-id': `${delivery}.1`, 'ce-source': 'urn:millrace:wake-up' },
        ...{ 'ce-type': WAKE_UP, 'ce-function': 'only-step' },
      },
    });

  it('refuses more than it may let through with 429; what was not let through stays due', async () => {
    const host = await behindWatchdog(world, { max_inflight: '1' });
    try {
      const release = world.hold();
      const [first, second] = await Promise.all([world.publish(), world.publish()]);
      const underWay = wake(host, first.delivery);
      await vi.waitFor(() => expect(world.calls()).toBe(1), 20_000);
      expect((await wake(host, second.delivery)).status).toBe(429);
      expect((await host.send({ path: '/_/ready' })).status).toBe(429);
      expect((await host.send({ path: '/_/health' })).status).toBe(200);
      release();
      expect((await underWay).status).toBe(202);
      expect(await world.stateOf(second.delivery)).toBe('due');
    } finally {
      await host.stop();
    }
  });

  it('answers 504 for work that takes longer than it waits; the work goes on and is done once', async () => {
    const host = await behindWatchdog(world, { exec_timeout: '1s' });
    try {
      const release = world.hold();
      const { delivery } = await world.publish();
      expect((await wake(host, delivery)).status).toBe(504);
      expect(await world.stateOf(delivery)).toBe('leased');
      const again = wake(host, delivery);
      release();
      expect((await again).status).toBe(202);
      expect([await world.stateOf(delivery), world.calls()]).toEqual(['done', 1]);
    } finally {
      await host.stop();
    }
  });
});
