import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, expect, it } from 'vitest';
import { createRealtime, type Realtime } from '#shared/realtime';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, testTopology } from '../../../test/ledger-fixture.ts';
import { bySocketIo } from '../testing/hearers.ts';
import type { Admission } from './admission.ts';
import { createSocketIoDoor, SOCKET_IO_PATH } from './socket-io-door.ts';

const clock = { now: () => new Date() };
const log = createLog({ service: 'test', destination: { write: () => undefined } });
const fixture = await createLedgerFixture(testTopology({}));
const { pool, url: databaseUrl } = fixture;
const account = 'b0000000-0000-4000-8000-000000000001';
await fixture.rows(
  "insert into people.account (id, email, handle, name, password) values ($1, 'a@example.org', 'ada', 'Ada', 'none')",
  [account],
);
afterAll(() => fixture.close());
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A door that many went through at once: each was let in before the others were counted. */
async function openDoor({ most = 20, mostClients = 100 } = {}): Promise<{ url: string; realtime: Realtime }> {
  const realtime = createRealtime({
    ...{ pool, url: databaseUrl, log, clock },
    most: { perAccount: most, perProcess: 100 },
  });
  closing.push(() => realtime.close());
  const admission: Admission = {
    count: async () => undefined,
    admit: async () => ({ account, expiresAt: new Date('2100-01-01') }),
  };
  const door = createSocketIoDoor({
    ...{ admission, realtime, clock, log, mostClients },
    ...{ addressOf: () => '127.0.0.1', allowedOrigins: [] },
  });
  const server = createServer((incoming, outgoing) => door.request(incoming, outgoing));
  server.on('upgrade', (incoming, socket, head) => door.upgrade(incoming, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    door.close();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, realtime };
}

/** A handshake as a client that polls begins with; what it is refused with. */
async function refusal(url: string): Promise<string> {
  const text = await (await fetch(`${url}${SOCKET_IO_PATH}?EIO=4&transport=polling`)).text();
  // What is opened begins with the number of its packet.
  return text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : 'opened';
}

it('one more than a person may have is sent away, however they came in', async () => {
  const { url } = await openDoor({ most: 2 });
  const [first, second] = [bySocketIo(url, { token: 'a' }), bySocketIo(url, { token: 'a' })];
  for (const hearer of [first, second]) await hearer.until(({ type }) => type === 'hello');
  const third = bySocketIo(url, { token: 'a' });
  expect(await third.ended).toBe('io server disconnect');
  expect(third.told).toEqual([]);
  for (const hearer of [first, second]) hearer.leave();
});

it('no more handshakes are under way than a process holds', async () => {
  const { url } = await openDoor({ mostClients: 2 });
  expect([await refusal(url), await refusal(url), await refusal(url)]).toEqual([
    'opened',
    'opened',
    'process-full',
  ]);
});

it('a process that ends begins no handshake', async () => {
  const { url, realtime } = await openDoor();
  expect(await refusal(url)).toBe('opened');
  realtime.drain();
  expect(await refusal(url)).toBe('draining');
});
