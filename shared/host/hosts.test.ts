import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, serveListener } from '#shared/http';
import { createFrameworkServer } from './framework-host.ts';
import { runJob } from './job.ts';
import { nodeHandler } from './node-handler.ts';
import { hostContract } from './testing/contract/host.contract.ts';
import { createHostWorld, type HostWorld } from './testing/host-world.ts';
import { overHttp } from './testing/over-http.ts';
import { WAKE_UP } from './wake-up.ts';

hostContract('over HTTP (Hono’s server)', {
  world: () => createHostWorld(),
  async serve({ receiver }) {
    const server = await serve(receiver, { port: 0, hostname: '127.0.0.1' });
    return { send: overHttp(server.url), stop: () => server.close({ graceMs: 0 }) };
  },
});

hostContract('over HTTP (Node alone, as the bundle of a function)', {
  world: () => createHostWorld(),
  async serve({ receiver }) {
    const server = await serveListener(nodeHandler(receiver), { port: 0, hostname: '127.0.0.1' });
    return { send: overHttp(server.url), stop: () => server.close({ graceMs: 0 }) };
  },
});

hostContract('on functions-framework', {
  world: () => createHostWorld(),
  async serve({ receiver }) {
    const server = await createFrameworkServer(receiver);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    return {
      send: overHttp(`http://127.0.0.1:${port}`),
      async stop() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  },
});

hostContract('in-process', {
  world: () => createHostWorld(),
  serve: async ({ receiver }) => ({
    async send({ method = 'GET', path = '/', headers = {}, body }) {
      const answer = await receiver.fetch(
        new Request(`http://host${path}`, {
          method,
          headers,
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
        }),
      );
      return { status: answer.status, text: await answer.text(), headers: answer.headers };
    },
    stop: async () => undefined,
  }),
});

describe('a host as a Job', () => {
  let world: HostWorld;
  let folder: string;
  const warnings: object[] = [];
  beforeAll(async () => {
    world = await createHostWorld();
    folder = await mkdtemp(join(tmpdir(), 'millrace-job-'));
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  const job = async (text: string) => {
    const path = join(folder, 'event');
    await writeFile(path, text);
    return runJob({ path, host: world, log: { warn: (fields) => void warnings.push(fields) } });
  };
  const wakeUp = (delivery: string) =>
    JSON.stringify({
      specversion: '1.0',
      id: `${delivery}.1`,
      source: '/w',
      type: WAKE_UP,
      function: 'only-step',
    });

  it.each(['done', 'dead', 'later'] as const)(
    'exits 0 once the ledger has the outcome: %s',
    async (state) => {
      const { delivery } = await world.publish();
      if (state !== 'done') world.fail(state);
      expect(await job(wakeUp(delivery))).toBe(0);
      expect(await world.stateOf(delivery)).toBe(state);
      // The same file again, as after a Job whose row the TTL removed.
      expect(await job(wakeUp(delivery))).toBe(0);
    },
  );

  it('exits 1 when the ledger cannot be reached', async () => {
    const { delivery } = await world.publish();
    await world.withoutLedger(async () => expect(await job(wakeUp(delivery))).toBe(1));
    expect(await world.stateOf(delivery)).toBe('due');
  });

  it.each([
    ['no JSON', '{'],
    ['no CloudEvent', '{}'],
    [
      'a whole event',
      JSON.stringify({ specversion: '1.0', id: '1', source: '/a', type: 'pipeline.started', data: {} }),
    ],
    ['two megabytes', `"${'x'.repeat(2 * 2 ** 20)}"`],
  ])('exits 2 when its file holds %s', async (_, text) => {
    expect(await job(text)).toBe(2);
  });

  it('exits 2 when its file is missing', async () => {
    const log = { warn: () => undefined };
    expect(await runJob({ path: join(folder, 'none'), host: world, log })).toBe(2);
  });
});
