import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { connect, migrate, type Pool, readMigrations } from '#shared/database';
import { eventCatalogue } from '#shared/events';
import type { FunctionDefinition, Ports } from '#shared/function';
import {
  createHousekeeping,
  createLeases,
  createLedger,
  createWorkLedger,
  ledgerMigrations,
  newRunId,
  syncTopology,
  type WorkLedger,
} from '#shared/ledger';
import { createFilesystemStore, type ObjectStore } from '#shared/storage';
import { createLog, createMetrics } from '#shared/telemetry';
import type { Topology } from '#shared/topology';
import { createTestDatabase } from '../../../test/database.ts';
import { startHostLease } from '../host-lease.ts';
import { createHostMetrics } from '../host-metrics.ts';
import { createLaneHost } from '../lane-host.ts';
import { createProgressReporter } from '../progress.ts';

export const OWNER = 'alice';
const SOURCE = 'urn:test';

function topologyOf(timeoutMs: number, attempts: number): Topology {
  return {
    source: SOURCE,
    profiles: {
      light: {
        run: 'service',
        cpu: '1',
        memoryBytes: 2 ** 28,
        diskBytes: undefined,
        gpu: 0,
        timeoutMs,
        attempts,
        concurrency: 4,
        scale: { min: 0, max: 1 },
      },
    },
    flows: {
      video: {
        title: 'V',
        starts: ['pipeline.started'],
        completed: 'pipeline.completed',
        failed: 'pipeline.failed',
      },
    },
    functions: [
      {
        name: 'only-step',
        area: 'video',
        profile: 'light',
        triggers: [{ kind: 'event', type: 'pipeline.started' }],
        emits: ['pipeline.video.placed'],
        puts: {},
        promises: undefined,
      },
    ],
  };
}

type Handle = FunctionDefinition<'pipeline.started', never>['handle'];

/** A Postgres and a store for hosts of one function each, whose handler the test directs. */
export interface LaneHostWorld {
  readonly pool: Pool;
  readonly store: ObjectStore;
  readonly folder: string;
  /** A host of one function with this handler, and a run that waits for it. It ends with the test. */
  hostOf(handle: Handle, options?: HostOptions): ReturnType<typeof hostIn>;
  close(): Promise<void>;
}

interface HostOptions {
  readonly timeoutMs?: number;
  readonly attempts?: number;
  /** The lease's thread begins to look so much later, in milliseconds: until then no claim is seen to be lost. Default 0. */
  readonly beginAfterMs?: number;
  /** What the host gets in place of the ledger. */
  readonly around?: (work: WorkLedger) => WorkLedger;
}

export async function createLaneHostWorld(): Promise<LaneHostWorld> {
  const { url, drop } = await createTestDatabase();
  const pool = connect({ url, max: 10, applicationName: 'host test' });
  await migrate({ pool, migrations: await readMigrations(ledgerMigrations) });
  const folder = await mkdtemp(join(tmpdir(), 'millrace-host-'));
  const store = await createFilesystemStore({ root: join(folder, 'objects') });
  // As in a process: one for its pool.
  const work = createWorkLedger({ pool, source: SOURCE, wake: () => undefined });
  return {
    pool,
    store,
    folder,
    hostOf: (handle, options = {}) => hostIn({ pool, url, store, folder, work }, handle, options),
    async close() {
      await pool.end();
      await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function hostIn(
  parts: { pool: Pool; url: string; store: ObjectStore; folder: string; work: WorkLedger },
  handle: Handle,
  { timeoutMs = 20_000, attempts = 3, beginAfterMs = 0, around = (work) => work }: HostOptions,
) {
  const { pool, url, store, folder } = parts;
  const topology = topologyOf(timeoutMs, attempts);
  await syncTopology(pool, topology);
  const fn = topology.functions[0];
  if (fn === undefined) throw new Error('the topology has no function');
  const access = { pool, source: SOURCE, wake: () => undefined };
  const ledger = createLedger(access);
  const work = around(parts.work);
  const log = createLog({ service: 'test', level: 'silent' });
  const host = await createLeases(pool).enrol({ home: 'test', lane: 'light', pid: process.pid });
  const onDead = vi.fn();
  const lease = startHostLease({ url, host, onDead, beginAfterMs });
  if (beginAfterMs === 0) await lease.looking;
  const definition: FunctionDefinition<'pipeline.started', never> = {
    name: 'only-step',
    summary: 'For a test.',
    consumes: ['pipeline.started'],
    needs: [],
    handle,
  };
  const laneHost = createLaneHost({
    host,
    lane: 'light',
    concurrency: 4,
    functions: [{ definition: definition as unknown as FunctionDefinition, topology: fn }],
    work,
    lease,
    store,
    ports: {} as Ports,
    clock: { now: () => new Date() },
    random: { next: () => 0 },
    log,
    metrics: createHostMetrics(createMetrics({ service: 'test' })),
    workRoot: join(folder, 'work'),
    report: createProgressReporter(work, log).report,
  });
  onTestFinished(async () => {
    await laneHost.drain(0);
    await lease.stop();
  });
  const run = newRunId();
  await ledger.publish({
    run: { id: run, flow: 'video', owner: OWNER, title: 'T', labels: {} },
    event: { type: 'pipeline.started', data: eventCatalogue['pipeline.started'].example },
  });
  laneHost.wake();
  const housekeeping = createHousekeeping(access);
  const delivery = async () => (await ledger.deliveriesOf([run]))[0];
  return { ledger, laneHost, run, delivery, housekeeping, host };
}

export const placed = (products: { name: string; key: string; bytes: number }[] = []) => ({
  emits: [{ type: 'pipeline.video.placed' as const, data: { products } }],
});
