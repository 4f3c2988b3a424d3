import { join } from 'node:path';
import type { FunctionDefinition, Ports } from '#shared/function';
import { createHostMetrics, createLaneHost, type LaneHost, startHostLease } from '#shared/host';
import { createLeases, createWorkLedger } from '#shared/ledger';
import { createFilesystemStore } from '#shared/storage';
import { createMetrics } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { CONCURRENCY, topology as chain } from './topology.ts';
import { type BenchLedger, silent } from './with-ledger.ts';

/** A lane's host in this process, as its own process would have it. */
export async function startLane(
  { pool, url, scratch }: BenchLedger,
  definitions: readonly FunctionDefinition[],
  {
    works = 'on what is due',
    topology = chain,
    concurrency = CONCURRENCY,
  }: { works?: 'on what is due' | 'on what wake-ups name'; topology?: Topology; concurrency?: number } = {},
): Promise<Pick<LaneHost, 'wake' | 'take'> & { stop(): Promise<void> }> {
  let wake: () => void = () => undefined;
  const work = createWorkLedger({
    pool,
    source: topology.source,
    wake: (lanes) => lanes.length > 0 && wake(),
  });
  const host = await createLeases(pool).enrol({ home: 'bench', lane: 'light', pid: process.pid });
  const lease = startHostLease({
    url,
    host,
    onDead: () => {
      throw new Error('The host of the benchmark lost its lease.');
    },
  });
  await lease.looking;
  const lane = createLaneHost({
    host,
    lane: 'light',
    concurrency,
    ...(works === 'on what is due' ? {} : { pollMs: 0 }),
    functions: definitions.map((definition) => {
      const found = topology.functions.find(({ name }) => name === definition.name);
      if (found === undefined) throw new Error(`no function ${definition.name}`);
      return { definition, topology: found };
    }),
    work,
    lease,
    store: await createFilesystemStore({ root: join(scratch, 'objects') }),
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 0.5 },
    log: silent,
    metrics: createHostMetrics(createMetrics({ service: 'bench' })),
    workRoot: join(scratch, 'work'),
    report: () => undefined,
  });
  if (works === 'on what is due') wake = lane.wake;
  return {
    wake: lane.wake,
    take: lane.take,
    async stop() {
      await lane.drain(5_000);
      await lease.stop();
    },
  };
}
