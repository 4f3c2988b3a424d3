import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createRealtime } from '#shared/realtime';
import { createLog } from '#shared/telemetry';
import { createLedgerFixture, testTopology } from '../../../test/ledger-fixture.ts';
import { createWebSocketDoor } from './web-socket-door.ts';

const clock = { now: () => new Date() };
const log = createLog({ service: 'test', destination: { write: () => undefined } });
const fixture = await createLedgerFixture(testTopology({}));
const { pool } = fixture;
const realtime = createRealtime({ pool, url: fixture.url, log, clock });
const server = createServer();
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await realtime.close();
  await fixture.close();
});

it('who gives no sign of life from one ping to the next is gone; who does stays', async () => {
  const account = 'b0000000-0000-4000-8000-000000000001';
  await fixture.rows(
    "insert into people.account (id, email, handle, name, password) values ($1, 'a@example.org', 'ada', 'Ada', 'none')",
    [account],
  );
  const door = createWebSocketDoor({
    admission: {
      count: async () => undefined,
      admit: async () => ({ account, expiresAt: new Date('2100-01-01') }),
    },
    ...{ addressOf: () => '127.0.0.1', realtime, clock, log, pingMs: 2_000 },
  });
  server.on('upgrade', (incoming, socket, head) => door.upgrade(incoming, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const open = (autoPong: boolean) => {
    const socket = new WebSocket(url, { autoPong });
    const pings: number[] = [];
    socket.on('ping', () => pings.push(Date.now()));
    return { socket, pings, closed: new Promise((resolve) => socket.once('close', resolve)) };
  };
  const [silent, alive] = [open(false), open(true)];
  expect(await silent.closed).toBe(1006);
  await expect.poll(() => alive.pings.length, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(alive.socket.readyState).toBe(WebSocket.OPEN);
  expect(realtime.accounts()).toEqual([account]);
  alive.socket.terminate();
  door.close();
});
