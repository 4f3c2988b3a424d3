import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openFrontDoor } from '../../functions/ingress/testing/front-door.ts';
import {
  byEventSource,
  bySocketIo,
  bySocketIoPolling,
  byWebSocket,
} from '../../functions/ingress/testing/hearers.ts';
import { peopleAt } from '../../functions/ingress/testing/people.ts';

const door = await openFrontDoor();
afterAll(() => door.close());
const { registered, signedIn } = peopleAt(door);

describe('many handshakes of one person, all at once', () => {
  it.each([
    ['WebSockets', byWebSocket],
    ['EventSources', byEventSource],
    ['Socket.IO', bySocketIo],
    ['Socket.IO by polling', bySocketIoPolling],
  ])('%s: twenty are let in, as one after the other', async (_, hear) => {
    const { accessToken: token } = await signedIn(await registered());
    const all = Array.from({ length: 60 }, () => hear(door.url, { token }));
    const answers = await Promise.all(
      all.map(async ({ until, ended }) =>
        Promise.race([until(({ type }) => type === 'hello').then(() => 'hears'), ended]),
      ),
    );
    for (const hearer of all) hearer.leave();
    expect(answers.filter((answer) => answer === 'hears')).toHaveLength(20);
  });
});

describe('one Socket.IO connection of nobody', () => {
  it.each([
    ['tickets', `40{"ticket":"mrt_${'a'.repeat(43)}"}`],
    ['names of namespaces', '40/nowhere,'],
    ['words', '42["subscribe"]'],
  ])(
    'does not try one after the other: %s',
    async (_, packet) => {
      const socket = new WebSocket(`${door.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      let refusals = 0;
      socket.on('message', (data) => {
        if (String(data).startsWith('44')) refusals += 1;
      });
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      await new Promise((resolve) => socket.once('open', resolve));
      for (let sent = 0; sent < 2_000; sent += 1) socket.send(packet);
      await closed;
      expect(refusals).toBeLessThan(100);
    },
    60_000,
  );
});
