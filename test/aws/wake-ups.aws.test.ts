import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import type { FunctionDefinition, Ports } from '#shared/function';
import { createHostMetrics, createLaneHost, startHostLease } from '#shared/host';
import { createLedger, createWorkLedger, newRunId } from '#shared/ledger';
import { openQueues, wakeQueueName } from '#shared/queue';
import { createFilesystemStore } from '#shared/storage';
import { createLog, createMetrics } from '#shared/telemetry';
import { createSqsTransport, type Transport } from '#shared/transport';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../ledger-fixture.ts';
import { type Provisioned, provisionFor } from './provisioned.ts';
import { testServer } from './server.ts';

const LANE = 'light';
const whole = testTopology({ 'only-step': [on('pipeline.started')] });
const topology = {
  ...whole,
  functions: whole.functions.map((fn) => ({ ...fn, emits: ['pipeline.video.placed' as const] })),
};
const log = createLog({ service: 'test', level: 'silent' });

describe('wake-ups by SQS change nothing but timing', () => {
  let place: Provisioned;
  let fixture: LedgerFixture;
  let folder: string;
  let calls = 0;
  const undo: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    calls = 0;
    place = await provisionFor(testServer());
    fixture = await createLedgerFixture(topology);
    folder = await mkdtemp(join(tmpdir(), 'millrace-wake-ups-'));
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    await fixture.close();
    place.close();
    await rm(folder, { recursive: true, force: true });
  });

  function openTransport(): Transport {
    const transport = createSqsTransport({
      queues: openQueues(testServer()),
      prefix: place.prefix,
      lanes: [LANE],
      log,
    });
    undo.push(() => transport.close());
    return transport;
  }

  /** A host whose own poll comes too late to matter. */
  async function startHost(name: string): Promise<void> {
    const transport = openTransport();
    const host = await fixture.host({ home: name });
    const lease = startHostLease({ url: fixture.url, host, onDead: () => undefined });
    const definition: FunctionDefinition<'pipeline.started', never> = {
      name: 'only-step',
      summary: 'For a test.',
      consumes: ['pipeline.started'],
      needs: [],
      async handle() {
        calls += 1;
        await sleep(20);
        return { emits: [{ type: 'pipeline.video.placed', data: { products: [] } }] };
      },
    };
    const [fn] = topology.functions;
    if (fn === undefined) throw new Error('no function');
    const laneHost = createLaneHost({
      ...{ host, lane: LANE, concurrency: 3, lease, log },
      functions: [{ definition: definition as unknown as FunctionDefinition, topology: fn }],
      work: createWorkLedger({
        pool: fixture.pool,
        source: topology.source,
        wake: (lanes) => transport.send(lanes),
      }),
      store: await createFilesystemStore({ root: join(folder, 'objects') }),
      ports: {} as Ports,
      clock: { now: () => new Date() },
      random: { next: () => 1 },
      metrics: createHostMetrics(createMetrics({ service: 'test' })),
      workRoot: join(folder, name),
      report: () => undefined,
      pollMs: 600_000,
    });
    await transport.listen(() => laneHost.wake(), {
      lanes: [LANE],
      room: () => 3 - laneHost.running(),
    });
    undo.push(async () => {
      await laneHost.drain(5_000);
      await lease.stop();
    });
  }

  async function publish(count: number, wake: (lanes: readonly string[]) => void): Promise<void> {
    const ledger = createLedger({ pool: fixture.pool, source: topology.source, wake });
    const { example: data } = eventCatalogue['pipeline.started'];
    for (let index = 0; index < count; index++) {
      const run = { id: newRunId(), flow: 'video', owner: 'alice', title: 'T', labels: {} };
      await ledger.publish({ run, event: { type: 'pipeline.started', data } });
    }
  }

  const countOf = async (state: string) => {
    const [row] = await fixture.rows<{ count: string }>(
      'select count(*) as count from ledger.delivery where state = $1',
      [state],
    );
    return Number(row?.count);
  };
  const forge = () =>
    place.send(
      wakeQueueName(place.prefix, LANE),
      JSON.stringify({ specversion: '1.0', type: 'millrace.wake-up', id: '1', source: 'x', lane: LANE }),
    );

  it('doubled, late, lost and out of order: each delivery is done once', async () => {
    await startHost('one');
    await startHost('two');
    const sender = openTransport();
    let word = 0;
    const late: string[][] = [];
    await publish(60, (lanes) => {
      word += 1;
      // Of three one is lost, one comes three times, one comes at the end.
      if (word % 3 === 0) for (let copy = 0; copy < 3; copy++) sender.send(lanes);
      if (word % 3 === 1) late.push([...lanes]);
    });
    for (const lanes of late.reverse()) sender.send(lanes);
    // As the scheduler does, once a second.
    for (let tries = 0; tries < 40 && (await countOf('done')) < 60; tries++) {
      sender.send(await fixture.housekeeping.dueLanes());
      await sleep(1_000);
    }
    expect({ done: await countOf('done'), calls }).toEqual({ done: 60, calls: 60 });
    const placed = await fixture.rows("select id from ledger.event where type = 'pipeline.video.placed'");
    expect(placed).toHaveLength(60);
    expect(await place.deadLetters(wakeQueueName(place.prefix, LANE))).toEqual([]);
  });

  it('all lost: the scheduler sends them again', async () => {
    await publish(5, () => undefined);
    await startHost('one');
    await sleep(1_000);
    expect(calls).toBe(0);
    openTransport().send(await fixture.housekeeping.dueLanes());
    for (let tries = 0; tries < 200 && (await countOf('done')) < 5; tries++) await sleep(100);
    expect(calls).toBe(5);
  });

  it('forged: nothing that is not due wakes', async () => {
    await publish(3, () => undefined);
    await fixture.rows(
      "update ledger.delivery set state = 'later', later_at = ledger.ledger_now() + interval '1 hour'",
    );
    await startHost('one');
    for (let copy = 0; copy < 10; copy++) await forge();
    await sleep(3_000);
    expect({ later: await countOf('later'), calls }).toEqual({ later: 3, calls: 0 });
    // Needless ones are gone.
    expect(await place.received(wakeQueueName(place.prefix, LANE))).toEqual([]);
  });
});
