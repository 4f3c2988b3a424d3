import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWakeUps } from '#shared/ledger';
import { createLog } from '#shared/telemetry';
import { type BrokerPeer, type Fate, startBrokerPeer } from '../../../test/broker-peer.ts';
import { createLedgerFixture, type LedgerFixture, on, testTopology } from '../../../test/ledger-fixture.ts';
import { describeSending } from '../testing/transport.contract.ts';
import type { Transport } from '../transport.ts';
import { createBrokerTransport } from './broker-transport.ts';
import { openBrokerTransport } from './open-broker.ts';
import { createWakeUpPost, WIDTH } from './post-wake-up.ts';

/** A lane each, with a function of its own in it. */
const lanes = ['light', 'cpu', 'ffmpeg'];

// Who listens to other transports is called here: so far as it is about sending, the contract is the same.
describeSending('broker', async () => {
  const made = testTopology(Object.fromEntries(lanes.map((lane) => [`in-${lane}`, []])));
  const { light } = made.profiles;
  const world = await createLedgerFixture({
    ...made,
    profiles: Object.fromEntries(lanes.flatMap((lane) => (light === undefined ? [] : [[lane, light]]))),
    functions: made.functions.map((fn) => ({ ...fn, profile: fn.name.slice('in-'.length) })),
  });
  const run = await world.start();
  const peer = await startBrokerPeer();
  const log = createLog({ service: 'test', level: 'silent' });
  return {
    open: () => openBrokerTransport({ pool: world.pool, brokerUrl: peer.url, of: 'new', log }),
    async makeDue(lane) {
      await world.rows(
        `insert into ledger.delivery (run, event, function, trigger, owner, lane)
         values ($1, gen_random_uuid(), $2, 0, 'alice', $3)`,
        [run, `in-${lane}`, lane],
      );
    },
    heard: (lane) => peer.events.filter((event) => event.function === `in-${lane}`).length,
    async close() {
      await peer.close();
      await world.close();
    },
  };
});

let fixture: LedgerFixture;
let broker: BrokerPeer;
const opened: Transport[] = [];
/** How long it rests the first time, in milliseconds; each further rest is longer. */
const REST_MS = 1_000;
const lines: string[] = [];
let saidAt = 0;
const say = (line: string): void => {
  lines.push(line);
  saidAt = performance.now();
};
beforeEach(async () => {
  fixture = await createLedgerFixture(testTopology({ 'keyword-fetch': [on('pipeline.started')] }));
  broker = await startBrokerPeer();
  lines.length = 0;
});
afterEach(async () => {
  broker.answer(202);
  await Promise.all(opened.splice(0).map((transport) => transport.close()));
  await broker.close().catch(() => undefined);
  await fixture.close();
});

function open({ of = 'all', limitMs = 20_000 }: { of?: 'new' | 'all'; limitMs?: number } = {}) {
  const wakeUps = createWakeUps(fixture);
  let looks = 0;
  const transport = createBrokerTransport({
    take(request) {
      looks += 1;
      return wakeUps.take({ ...request, of });
    },
    post: createWakeUpPost({ address: () => broker.url, limitMs }),
    log: createLog({ service: 'test', destination: { write: say } }),
  });
  opened.push(transport);
  return { transport, looks: () => looks };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600 && !holds(); tries++) await sleep(25);
  expect(holds()).toBe(true);
}

/** As the scheduler does, which looks every second. */
async function keepSending(transport: Transport, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300 && !holds(); tries++) {
    transport.send(['light']);
    await sleep(50);
  }
  expect(holds()).toBe(true);
}

describe('wake-ups by a Broker', () => {
  it('are CloudEvents without data that name a function and a delivery', async () => {
    const run = await fixture.start();
    const [row] = await fixture.rows<{ id: string }>('select id from ledger.delivery where run = $1', [run]);
    open({ of: 'new' }).transport.send(['light']);
    await until(() => broker.events.length > 0);
    expect(broker.events).toEqual([
      {
        specversion: '1.0',
        type: 'millrace.wake-up',
        source: 'urn:millrace',
        id: `${row?.id}.1`,
        function: 'keyword-fetch',
      },
    ]);
  });

  it('are sent once for a burst of words, a few at a time', async () => {
    for (let count = 0; count < 40; count++) await fixture.start();
    broker.answer(async () => {
      await sleep(20);
      return 202;
    });
    const { transport, looks } = open();
    for (let word = 0; word < 1_000; word++) transport.send(['light']);
    await until(() => broker.events.length === 40);
    await sleep(100);
    expect(new Set(broker.events.map(({ id }) => id)).size).toBe(40);
    expect(broker.most()).toBeLessThanOrEqual(WIDTH);
    expect(looks()).toBeLessThan(10);
  });

  it.each([
    ['hangs', 'hang'],
    ['is out of order (500)', 500],
    ['is busy (503)', 503],
    ['asks for less (429)', 429],
    ['leads elsewhere (301)', 301],
    ['refuses (400)', 400],
    ['cuts connections', 'cut'],
  ] satisfies [string, Fate][])('wait while it %s, and come when it is well', async (_name, fate) => {
    broker.answer(fate);
    for (let count = 0; count < 20; count++) await fixture.start();
    const { transport, looks } = open(fate === 'hang' ? { limitMs: 3_000 } : {});
    transport.send(['light']);
    await until(() => lines.length > 0);
    const tried = broker.events.length;
    for (let word = 0; word < 20; word++) {
      transport.send(['light']);
      await sleep(10);
    }
    // It rests: nobody asks the ledger again and again, and nothing is tried but a single one now and then.
    const again = Math.floor((performance.now() - saidAt) / REST_MS);
    expect(looks()).toBeLessThanOrEqual(1 + again);
    expect(broker.events.length).toBeLessThanOrEqual(tried + again);
    broker.answer(202);
    await fixture.shiftClock('6 seconds');
    const came = new Set<unknown>();
    const before = broker.events.length;
    await keepSending(transport, () => {
      for (const { id } of broker.events.slice(before)) came.add(String(id).split('.')[0]);
      return came.size === 20;
    });
    expect(broker.strange).toEqual([]);
    expect(lines.filter((line) => line.includes('could not be sent'))).toHaveLength(1);
  });

  it('wait while nobody is there, and come when it is back', async () => {
    await broker.close();
    for (let count = 0; count < 5; count++) await fixture.start();
    const { transport } = open();
    transport.send(['light']);
    await until(() => lines.some((line) => line.includes('could not be sent')));
    await broker.open();
    await fixture.shiftClock('6 seconds');
    await keepSending(transport, () => broker.events.length === 5);
  });

  it('lose nobody but the one that it refuses', async () => {
    for (let count = 0; count < 20; count++) await fixture.start();
    let refused: unknown;
    broker.answer(({ id }) => {
      refused ??= id;
      return id === refused ? 413 : 202;
    });
    open().transport.send(['light']);
    await until(() => broker.events.length === 20);
    expect(new Set(broker.events.map(({ id }) => id)).size).toBe(20);
  });

  it('do not wait for an answer that has no end', async () => {
    for (let count = 0; count < 40; count++) await fixture.start();
    broker.answer('endless answer');
    open({ limitMs: 3_000 }).transport.send(['light']);
    await until(() => broker.events.length === 40);
  });

  it('go out before it is closed, and none after', async () => {
    await fixture.start();
    const { transport } = open();
    transport.send(['light']);
    await transport.close();
    expect(broker.events).toHaveLength(1);
    await fixture.start();
    transport.send(['light']);
    await transport.close();
    expect(broker.events).toHaveLength(1);
  });

  it('keep nobody who closes while it hangs', async () => {
    broker.answer('hang');
    await fixture.start();
    const { transport } = open({ limitMs: 60_000 });
    transport.send(['light']);
    await until(() => broker.events.length === 1);
    const before = performance.now();
    await transport.close();
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('have no listeners: hosts are called', async () => {
    await expect(open().transport.listen(() => undefined)).rejects.toMatchObject({
      code: 'broker-wakes-by-name',
    });
  });

  it('outlive a ledger that is away', async () => {
    const { transport } = open();
    await fixture.rows('alter table ledger.delivery rename to gone');
    await fixture.start().catch(() => undefined);
    transport.send(['light']);
    await until(() => lines.some((line) => line.includes('could not be asked')));
    await fixture.rows('alter table ledger.gone rename to delivery');
    await fixture.start();
    await keepSending(transport, () => broker.events.length === 1);
  });
});
