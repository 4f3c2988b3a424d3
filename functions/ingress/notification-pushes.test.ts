import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { tell } from '#shared/notifications';
import { within } from '../../test/within.ts';
import notify from '../social/notify/function.ts';
import sendEmail from '../social/send-email/function.ts';
import sendPush from '../social/send-push/function.ts';
import type { Enrolled } from './testing/enrolled.ts';
import { follow, listOf, openTelling } from './testing/telling.ts';

const telling = await openTelling([notify, sendEmail, sendPush]);
const { door, worker, pushes, other } = telling;
let ada: Enrolled;
/** A new person each time: nobody is told twice of the same. */
beforeEach(async () => {
  ada = await telling.newcomer();
});
afterAll(() => telling.close());

describe('pushes', () => {
  it('are read by their browser alone, and end when it is gone', async () => {
    await pushes.subscribe(ada);
    await follow(other(), ada);
    await worker.workOff();
    const [push] = pushes.takenFor(ada);
    expect(push?.headers).toMatchObject({ ttl: '86400', 'content-encoding': 'aes128gcm' });
    expect(push?.headers.authorization).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/);
    expect(push?.message).toMatchObject({ kind: 'followed', title: expect.stringMatching(/follows you\.$/) });
    const list = async () =>
      (
        (await (await ada.ask('/notifications/push/subscriptions')).json()) as {
          subscriptions: { id: string; service: string }[];
        }
      ).subscriptions;
    expect(await list()).toHaveLength(1);
    pushes.answerWith(ada, 410);
    await door.fixture.shiftClock('61 seconds');
    await follow(other(1), ada);
    await worker.workOff();
    expect(await list()).toEqual([]);
  });

  it('of one notification come once a minute, and then with all that was added', async () => {
    await pushes.subscribe(ada);
    for (const at of [0, 1, 2]) await follow(other(at), ada);
    await worker.workOff();
    expect(pushes.takenFor(ada)).toHaveLength(1);
    await door.fixture.shiftClock('61 seconds');
    await follow(other(3), ada);
    await worker.workOff();
    expect(pushes.takenFor(ada).map(({ message }) => message)).toEqual([
      expect.anything(),
      expect.objectContaining({ title: expect.stringMatching(/and 3 others follow you\.$/) }),
    ]);
  });

  it('are twenty in an hour, the last of which says so; what is urgent comes all the same', async () => {
    await pushes.subscribe(ada);
    // Twenty-five people write, each of a conversation of his own, and nobody looks.
    const tellAda = (kind: 'message' | 'event-cancelled', n: number) =>
      within(door.fixture.pool, async (tx) => {
        const emits = await tell(tx, { kind, subject: randomUUID(), key: `${kind} ${n}`, to: [ada.id] });
        return emits.flatMap(({ type, data }) => (type === 'push.requested' ? [data] : []));
      });
    const [{ left } = { left: 0 }] = await door.fixture.rows<{ left: number }>(
      'select 3600 - extract(epoch from ledger.ledger_now())::int % 3600 as left',
    );
    await door.fixture.shiftClock(`${left + 1} seconds`);
    const asked = (await Promise.all(Array.from({ length: 25 }, (_, n) => tellAda('message', n)))).flat() as {
      subscription: string;
      notification: string;
    }[];
    expect(asked).toHaveLength(20);
    const said = await Promise.all(asked.map((push) => pushes.ports.pushes.due(push)));
    const bodies = said.flatMap(
      (push) => (JSON.parse(push?.message ?? '{}') as { body?: string }).body ?? [],
    );
    expect(bodies).toEqual(['A lot goes on: what else comes this hour waits in your list.']);
    expect((await listOf(ada)).unread).toBe(25);
    expect(await tellAda('event-cancelled', 0)).toHaveLength(1);
    await door.fixture.shiftClock('1 hour');
    expect(await tellAda('message', 25)).toHaveLength(1);
  });

  it.each([
    [429, { 'retry-after': '30' }],
    [503, {}],
    [500, {}],
  ])('that are answered %i come again later', async (status, headers) => {
    await pushes.subscribe(ada);
    pushes.answerWith(ada, status, headers);
    await follow(other(), ada);
    await worker.workOff();
    expect(pushes.takenFor(ada)).toHaveLength(1);
    pushes.answerWith(ada, 201);
    await door.fixture.shiftClock('2 minutes');
    await door.fixture.housekeeping.promote();
    await worker.workOff();
    expect(pushes.takenFor(ada)).toHaveLength(2);
    const [subscription] = await door.fixture.rows<{ failures: number }>(
      'select failures from people.push_subscription where account = $1',
      [ada.id],
    );
    expect(subscription?.failures).toBe(0);
  });

  it('into private networks are not sent, and end after ten in a row', async () => {
    await pushes.subscribe(ada, 'http://169.254.169.254/latest/meta-data');
    await door.fixture.rows('update people.push_subscription set failures = 10 where account = $1', [ada.id]);
    await follow(other(), ada);
    await worker.workOff();
    expect(
      await door.fixture.rows('select from people.push_subscription where account = $1', [ada.id]),
    ).toEqual([]);
    expect(door.lines.join('')).toContain('outbound-address-refused');
  });

  it('of what was read meanwhile are not sent', async () => {
    await pushes.subscribe(ada);
    await follow(other(), ada);
    const committed = await worker.begin('notify');
    await door.fixture.work.commit(committed);
    const [{ id } = { id: '' }] = (await listOf(ada)).notifications;
    await ada.ask(`/notifications/${id}/read`, { method: 'PUT' });
    await worker.workOff();
    expect(pushes.takenFor(ada)).toEqual([]);
  });

  it.each([
    ['http', { endpoint: 'http://push.example.org/a' }],
    ['no address', { endpoint: 'push' }],
    ['a password', { endpoint: 'https://a:b@push.example.org/a' }],
    ['a long address', { endpoint: `https://push.example.org/${'a'.repeat(2_000)}` }],
    ['a key that is no point', { keys: { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) } }],
    ['a short secret', { keys: { p256dh: 'A'.repeat(87), auth: 'A'.repeat(21) } }],
  ])('are not subscribed to with %s', async (_, wrong) => {
    const body = { ...pushes.subscription(), ...wrong };
    expect((await ada.ask('/notifications/push/subscriptions', { body })).status).toBe(400);
  });

  it('are one person’s at one browser, at most 20 browsers, each one’s own to end', async () => {
    const body = pushes.subscription();
    const add = async (who: Enrolled, subscription = pushes.subscription()) => {
      const answer = await who.ask('/notifications/push/subscriptions', { body: subscription });
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { id: string }).id;
    };
    const id = await add(ada, body);
    expect(await add(ada, body)).toBe(id);
    const denied = await other(3).ask(`/notifications/push/subscriptions/${id}`, { method: 'DELETE' });
    expect(denied.status).toBe(404);
    const taken = await add(other(3), body);
    expect((await ada.ask(`/notifications/push/subscriptions/${id}`, { method: 'DELETE' })).status).toBe(404);
    const end = await other(3).ask(`/notifications/push/subscriptions/${taken}`, { method: 'DELETE' });
    expect(end.status).toBe(204);
    for (let n = 0; n < 22; n += 1) await add(ada);
    const list = (await (await ada.ask('/notifications/push/subscriptions')).json()) as {
      subscriptions: unknown[];
    };
    expect(list.subscriptions).toHaveLength(20);
  });

  it('are signed with a key that everybody gets, and that stays', async () => {
    const key = async (who: Enrolled) =>
      ((await (await who.ask('/notifications/push/key')).json()) as { key: string }).key;
    expect(Buffer.from(await key(ada), 'base64url')).toHaveLength(65);
    expect(await key(other())).toBe(await key(ada));
  });
});
