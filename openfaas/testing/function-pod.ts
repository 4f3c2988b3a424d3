import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionDefinition, Ports } from '#shared/function';
import { createHostMetrics, createLaneHost, createReceiver, nodeHandler, startHostLease } from '#shared/host';
import { serveListener } from '#shared/http';
import { createFilesystemStore } from '#shared/storage';
import { createLog, createMetrics } from '#shared/telemetry';
import type { TopologyFunction } from '#shared/topology';
import type { LedgerFixture } from '../../test/ledger-fixture.ts';

/** A pod of a function: its host on a real ledger, behind HTTP, as its image serves it. */
export interface FunctionPod {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startFunctionPod(options: {
  fixture: LedgerFixture;
  definition: FunctionDefinition;
  topology: TopologyFunction;
  slots: number;
}): Promise<FunctionPod> {
  const { fixture, definition, topology, slots } = options;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-pod-'));
  const host = await fixture.host();
  const lease = startHostLease({ url: fixture.url, host, onDead: () => undefined });
  const metrics = createMetrics({ service: definition.name });
  const laneHost = createLaneHost({
    ...{ host, lease, work: fixture.work, lane: topology.profile, concurrency: slots, pollMs: 0 },
    functions: [{ definition, topology }],
    store: await createFilesystemStore({ root: join(folder, 'objects') }),
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 1 },
    log: createLog({ service: definition.name, level: 'silent' }),
    metrics: createHostMetrics(metrics),
    workRoot: join(folder, 'work'),
    report: () => undefined,
  });
  const receiver = createReceiver({ host: laneHost, metrics, health: () => fixture.ledger.health() });
  const server = await serveListener(nodeHandler(receiver), { port: 0, hostname: '127.0.0.1' });
  return {
    url: server.url,
    async stop() {
      await server.close({ graceMs: 0 });
      await laneHost.drain(0);
      await lease.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
