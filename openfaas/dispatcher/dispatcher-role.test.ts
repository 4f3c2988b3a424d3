import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTopology } from '#shared/topology';
import { type RoleProcess, runRole, startRole } from '../../platform/testing/role-process.ts';
import { createLedgerFixture, type LedgerFixture } from '../../test/ledger-fixture.ts';
import { type GatewayPeer, startGatewayPeer } from '../testing/gateway-peer.ts';

const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';
const WITHIN = { timeout: 20_000, interval: 100 };

let fixture: LedgerFixture;
let folder: string;
let gateway: GatewayPeer;
let given: Record<string, string> & { DATA_DIR: string };
const running: RoleProcess[] = [];

beforeAll(async () => {
  fixture = await createLedgerFixture(readTopology({ path: 'events.yaml' }));
  folder = await mkdtemp(join(tmpdir(), 'millrace-dispatcher-'));
  gateway = await startGatewayPeer();
  given = {
    DATABASE_URL: fixture.url,
    DATA_DIR: folder,
    OPENFAAS_URL: gateway.url,
  };
});
beforeEach(() => gateway.clear());
afterEach(async () => {
  await Promise.all(running.splice(0).map((role) => role.stop()));
  await fixture.rows('truncate ledger.run, ledger.event, ledger.delivery');
});
afterAll(async () => {
  await gateway.close();
  await fixture.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(more: Record<string, string> = {}): Promise<RoleProcess> {
  const role = await startRole('dispatcher', { ...given, ...more });
  running.push(role);
  return role;
}

/** Opens a run of which one delivery is due; answers it. */
async function due(): Promise<{ id: string; function: string }> {
  const run = await fixture.start();
  const [delivery] = await fixture.rows<{ id: string; function: string }>(
    "select id, function from ledger.delivery where run = $1 and state = 'due'",
    [run],
  );
  if (delivery === undefined) throw new Error('nothing is due');
  return delivery;
}

describe('the process of the dispatcher', () => {
  it('wakes the function of what is due, tells of itself, and ends when it is told to', async () => {
    const role = await start({ OPENFAAS_PASSWORD: 'sesame' });
    expect([(await role.ask('/health')).status, (await role.ask('/ready')).status]).toEqual([200, 200]);
    const delivery = await due();
    await vi.waitFor(() => expect(gateway.calls).toHaveLength(1), WITHIN);
    expect(gateway.calls[0]).toMatchObject({
      path: `/function/${delivery.function}`,
      event: { id: `${delivery.id}.1` },
      authorization: `Basic ${Buffer.from('admin:sesame').toString('base64')}`,
    });
    const metrics = await (await role.ask('/metrics')).text();
    expect(metrics).toMatch(/millrace_dispatched_total\{.*function="keyword-fetch".*outcome="sent".*\} 1/);
    expect(metrics).toContain('millrace_dispatcher_calls{');
    expect(await role.stop()).toBe(0);
    expect(JSON.stringify(role.log)).not.toContain('sesame');
  });

  it('sends a wake-up again while its work is due, and each once though there are two', async () => {
    await Promise.all([start(), start()]);
    const deliveries = await Promise.all(Array.from({ length: 10 }, due));
    const firsts = () => gateway.calls.flatMap(({ event: { id } }) => (id.endsWith('.1') ? [id] : [])).sort();
    await vi.waitFor(() => expect(firsts()).toEqual(deliveries.map(({ id }) => `${id}.1`).sort()), WITHIN);
    // Nobody has claimed them: five seconds later they are woken again, by another number.
    await fixture.shiftClock('6 seconds');
    await vi.waitFor(() => expect(gateway.calls.length).toBeGreaterThanOrEqual(20), WITHIN);
    expect(new Set(gateway.calls.map(({ event }) => event.id)).size).toBe(gateway.calls.length);
  }, 120_000);

  it('lives while the ledger is away, is not ready, and says why', async () => {
    const role = await start({ DATABASE_URL: NOWHERE });
    expect((await role.ask('/health')).status).toBe(200);
    const ready = await role.ask('/ready');
    expect(ready.status).toBe(503);
    expect(await ready.text()).toMatch(/cannot be reached/);
    expect(await role.stop()).toBe(0);
  });

  it('ends at once though a function has not answered', async () => {
    const role = await start();
    gateway.answer('keyword-fetch', () => undefined);
    await due();
    await vi.waitFor(() => expect(gateway.calls).toHaveLength(1), WITHIN);
    const before = performance.now();
    expect(await role.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it.each<[what: string, more: Record<string, string>, says: RegExp]>([
    ['no gateway', { OPENFAAS_URL: '' }, /OPENFAAS_URL is not set; set it to the gateway/],
    [
      'a gateway that is no URL',
      { OPENFAAS_URL: 'gateway:8080' },
      /OPENFAAS_URL="gateway:8080": must be a URL/,
    ],
    ['a password in the URL', { OPENFAAS_URL: 'http://a:b@gateway' }, /OPENFAAS_URL="http:\/\/…@gateway"/],
    ['a user that has a colon', { OPENFAAS_USER: 'a:b' }, /OPENFAAS_USER="a:b": must be 1 to 200/],
    ['a way to call that there is not', { OPENFAAS_INVOKE: 'later' }, /OPENFAAS_INVOKE="later"/],
    ['no database', { DATABASE_URL: '' }, /DATABASE_URL is not set/],
    [
      'a transport that nobody can listen to',
      { TRANSPORT: 'broker', BROKER_URL: 'http://127.0.0.1:1' },
      /nobody can listen to it; use TRANSPORT=postgres or TRANSPORT=sqs/,
    ],
  ])('does not start with %s, and says why', async (_, more, says) => {
    const { code, said } = await runRole('dispatcher', { ...given, ...more });
    expect(said).toMatch(says);
    expect(code).toBe(1);
  });
});
