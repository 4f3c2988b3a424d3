import { randomUUID } from 'node:crypto';
import { createMovingRuns, createRealtime, createTickets, publish, type Realtime } from '#shared/realtime';
import { within } from '../../../test/within.ts';
import type { IngressOptions } from '../index.ts';
import { type FrontDoor, openFrontDoor } from './front-door.ts';
import { byEventSource, bySocketIo, bySocketIoPolling, byWebSocket, type Told } from './hearers.ts';

/** All ways to hear. */
export const doors = [
  ['a WebSocket', byWebSocket],
  ['an EventSource', byEventSource],
  ['Socket.IO', bySocketIo],
  ['Socket.IO that begins with polling', bySocketIoPolling],
] as const;

/** The numbers of the messages among what was told. */
export const numbers = (told: readonly Told[]): unknown[] =>
  told.filter(({ type }) => type === 'message.sent').map(({ data }) => data.n);

/** Two processes on one database, that look at runs more often than a second needs, and people to tell something. */
export async function openHearing() {
  const door = await openFrontDoor({ watchMs: 25 });
  const { pool, url } = door.fixture;
  const { log, clock } = door.options;

  /** A further process. */
  async function another(more: Partial<IngressOptions> = {}): Promise<FrontDoor & { realtime: Realtime }> {
    // No look mends what a notice should have told.
    const realtime = createRealtime({ pool, url, log, clock, repairMs: 3_600_000 });
    const replica = await openFrontDoor({
      ...{ ...door.options, ...more },
      realtime: { realtime, tickets: createTickets({ pool }), moving: createMovingRuns({ pool }) },
    });
    return {
      ...replica,
      realtime,
      async close() {
        await replica.close();
        await realtime.close();
      },
    };
  }
  const replica = await another();

  let people = 0;
  return {
    ...{ door, replica, another },
    async somebody(): Promise<{ id: string; token: string }> {
      const id = randomUUID();
      people += 1;
      await door.fixture.rows(
        'insert into people.account (id, email, handle, name, password) values ($1, $2, $3, $3, $3)',
        [id, `${id}@example.org`, `hearer_${people}`],
      );
      return { id, token: await door.token(id) };
    },
    /** As a command's transaction does it. */
    say: (to: readonly string[], n: number, text = ''): Promise<void> =>
      within(pool, (tx) => publish(tx, { to, type: 'message.sent', data: { n, text } })),
    /** From one number to another, at once. */
    sayAll: (to: readonly string[], first: number, last: number, text = ''): Promise<void> =>
      within(pool, async (tx) => {
        for (let n = first; n <= last; n += 1)
          await publish(tx, { to, type: 'message.sent', data: { n, text } });
      }),
    async close(): Promise<void> {
      await replica.close();
      await door.close();
    },
  };
}
