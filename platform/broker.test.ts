import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuth, createUrlSigner } from '#shared/auth';
import { createReceiver } from '#shared/host';
import { readTopology, type Topology } from '#shared/topology';
import { type BrokerPeer, startBrokerPeer } from '../test/broker-peer.ts';
import { createLedgerFixture, type LedgerFixture } from '../test/ledger-fixture.ts';
import { topologyPath } from './paths.ts';
import { type RoleProcess, startRole } from './testing/role-process.ts';

// Each starts processes, one after the other.
vi.setConfig({ testTimeout: 180_000 });

let fixture: LedgerFixture;
let broker: BrokerPeer;
let dataDir = '';
let token = '';
const running: RoleProcess[] = [];
beforeEach(async () => {
  broker = await startBrokerPeer();
  dataDir = await mkdtemp(join(tmpdir(), 'millrace-broker-'));
  const keys = { keysFolder: join(dataDir, 'keys'), clock: { now: () => new Date() } };
  token = await createAuth(keys).issue({ sub: 'ann', account: 'ann', roles: [], ttlSeconds: 600 });
  await createUrlSigner(keys).sign({ method: 'GET', path: '/', expiresAt: new Date() });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((role) => role.stop()));
  await fixture.close();
  await broker.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(role: string): Promise<RoleProcess> {
  const process = await startRole(role, {
    ...{ DATABASE_URL: fixture.url, DATA_DIR: dataDir },
    ...{ TRANSPORT: 'broker', BROKER_URL: broker.url },
  });
  running.push(process);
  return process;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_200 && !holds(); tries++) await sleep(50);
  expect(holds()).toBe(true);
}

const startPipeline = (ingress: RoleProcess) =>
  ingress.ask('/api/pipelines', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ topic: 'Why octopuses have three hearts' }),
  });
const wakesOf = (name: string) =>
  broker.events.filter((event) => event.function === name).map(({ id }) => String(id));

describe('beside a Broker', () => {
  it('who publishes wakes the service at once, and the scheduler wakes it again while it is due', async () => {
    fixture = await createLedgerFixture(readTopology({ path: topologyPath }));
    const ingress = await start('ingress');
    expect((await startPipeline(ingress)).status).toBe(202);
    await until(() => broker.events.length > 0);
    const [first = ''] = wakesOf('keyword-fetch');
    expect(first).toMatch(/^[0-9a-f-]{36}\.1$/);
    // A host of the function takes it for what it is.
    expect(await taken(broker.events[0])).toBe(first.slice(0, -2));
    const scheduler = await start('scheduler');
    await fixture.shiftClock('6 seconds');
    await until(() => broker.events.length > 1);
    expect(wakesOf('keyword-fetch').slice(0, 2)).toEqual([first, first.replace(/1$/, '2')]);
    expect(await (await scheduler.ask('/metrics')).text()).toContain(
      'millrace_wake_ups_total{outcome="sent"',
    );
  });

  it('jobs are woken by the scheduler alone, and not by two at a time', async () => {
    fixture = await createLedgerFixture(withJobs(readTopology({ path: topologyPath })));
    const ingress = await start('ingress');
    expect((await startPipeline(ingress)).status).toBe(202);
    await sleep(1_000);
    expect(broker.events).toEqual([]);
    const before = performance.now();
    await Promise.all([start('scheduler'), start('scheduler')]);
    await until(() => broker.events.length > 0);
    await sleep(3_000);
    // By five seconds later it is woken again, under another number.
    const woken = wakesOf('keyword-fetch');
    expect(new Set(woken).size).toBe(woken.length);
    expect(woken.length).toBeLessThanOrEqual(1 + (performance.now() - before) / 5_000);
  });

  it('a Broker that is away delays, and requests are answered all the same', async () => {
    fixture = await createLedgerFixture(readTopology({ path: topologyPath }));
    await broker.close();
    const ingress = await start('ingress');
    expect((await startPipeline(ingress)).status).toBe(202);
    await start('scheduler');
    await sleep(1_500);
    await broker.open();
    await fixture.shiftClock('1 minute');
    await until(() => wakesOf('keyword-fetch').length > 0);
  });
});

/** The delivery that a host works on when this event comes. */
async function taken(event: unknown): Promise<string | undefined> {
  let delivery: string | undefined;
  const receiver = createReceiver({
    host: {
      async take(named) {
        delivery = named;
        return 'done';
      },
    },
    metrics: { contentType: 'text/plain', text: async () => '' },
    health: async () => undefined,
  });
  const headers = { 'content-type': 'application/cloudevents+json' };
  const body = JSON.stringify(event);
  const answer = await receiver.fetch(new Request('http://function/', { method: 'POST', headers, body }));
  expect(answer.status).toBe(202);
  return delivery;
}

/** The topology with every function as a job. */
function withJobs(topology: Topology): Topology {
  const profiles = Object.entries(topology.profiles).map(
    ([name, profile]) => [name, { ...profile, run: 'job' }] as const,
  );
  return { ...topology, profiles: Object.fromEntries(profiles) };
}
