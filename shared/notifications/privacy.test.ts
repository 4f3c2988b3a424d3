import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { addMember, deleteMessage, openGroup, sendMessage } from '#shared/conversations';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { givenEvent } from '../../test/given-event.ts';
import { guestsOf, readersOf } from './audiences.ts';
import { OF_MAILING } from './letter.ts';
import { DUE } from './pushes.ts';
import { tell } from './tell.ts';

const bench: CommandBench = await createCommandBench();
const { rows } = bench.fixture;
afterAll(() => bench.close());

let ada = '';
let bob = '';
beforeEach(async () => {
  [ada, bob] = [await bench.somebody(), await bench.somebody()];
});

const verified = (user: string) =>
  rows('update people.account set email_verified_at = now() where id = $1', [user]);
/** Ada is told, and wants a mail of each. Answers what is asked for. */
async function told(actor = bob) {
  await rows(
    `insert into people.notification_settings (account, preferences) values ($1, '{"liked":{"email":"each"}}')
     on conflict do nothing`,
    [ada],
  );
  const telling = { kind: 'liked', subject: randomUUID(), key: randomUUID(), actor, to: [ada] } as const;
  return await bench.within((tx) => tell(tx, telling));
}
const notificationsOf = (user: string) =>
  rows<{ id: string; mail_at: Date | null; mailing: string | null }>(
    'select id, mail_at, mailing from people.notification where account = $1',
    [user],
  );

describe('a mail', () => {
  it('is asked for, or waits, for an address alone that has answered', async () => {
    expect(await told()).toEqual([]);
    expect(await notificationsOf(ada)).toMatchObject([{ mail_at: null, mailing: null }]);
    await verified(ada);
    expect(await told()).toMatchObject([{ type: 'mail.requested', data: { user: ada } }]);
  });

  it('says nothing of what was read meanwhile', async () => {
    await verified(ada);
    await told();
    const [{ mailing } = { mailing: '' }] = await notificationsOf(ada);
    expect(await rows(OF_MAILING, [mailing, 10])).toMatchObject([{ kind: 'liked' }]);
    await rows('update people.notification set read_at = now() where account = $1', [ada]);
    expect(await rows(OF_MAILING, [mailing, 10])).toEqual([]);
  });
});

it.each([
  ['blocked him', () => [ada, bob]],
  ['was blocked by him', () => [bob, ada]],
])('nobody hears what somebody did who %s', async (_, pair) => {
  await rows('insert into people.block (blocker, blocked) values ($1, $2)', pair());
  await told();
  expect(await notificationsOf(ada)).toEqual([]);
  await told(await bench.somebody());
  expect(await notificationsOf(ada)).toHaveLength(1);
});

it('a browser is told what is its owner’s alone, also where somebody else used it before', async () => {
  await told();
  const [{ id: notification } = { id: '' }] = await notificationsOf(ada);
  const subscription = randomUUID();
  await rows(
    `insert into people.push_subscription (id, account, endpoint, endpoint_hash, p256dh, auth, client)
     values ($1, $2, 'https://push.example.org/a', sha256('a'), $3, $4, 'a phone')`,
    [subscription, ada, Buffer.alloc(65, 4), Buffer.alloc(16, 1)],
  );
  const due = () => rows(DUE, [subscription, notification, 20]);
  expect(await due()).toMatchObject([{ endpoint: 'https://push.example.org/a' }]);
  await rows('update people.push_subscription set account = $2 where id = $1', [subscription, bob]);
  expect(await due()).toEqual([]);
});

describe('of a message', () => {
  it('those hear who were there when it was said, and nobody once it is deleted', async () => {
    const [conversation, message, late] = [randomUUID(), randomUUID(), await bench.somebody()];
    await bench.within(async (tx) => {
      await openGroup(tx, { id: conversation, account: ada, title: 'Group', members: [bob] });
      const said = { conversation, author: ada, text: 'Hello', replyTo: undefined, attachments: [] };
      await sendMessage(tx, { id: message, ...said });
      await addMember(tx, { account: ada, conversation, user: late });
      // Whatever he has read: what counts is when he came.
      await tx.query('update people.participant set read_seq = 0 where account = $1', [late]);
    });
    const readers = async () => (await bench.within((tx) => readersOf(tx, message))).to;
    expect((await readers()).toSorted()).toEqual([ada, bob].sort());
    await bench.within((tx) => deleteMessage(tx, { account: ada, message }));
    expect(await readers()).toEqual([]);
  });
});

it('of a change of an event those hear who come, may come or wait, and nobody who declined', async () => {
  const event = await givenEvent(bench, ada);
  const answered = ['going', 'maybe', 'waiting', 'declined'] as const;
  const guests = await Promise.all(answered.map(() => bench.somebody()));
  for (const [at, guest] of [...guests, ada].entries())
    await rows(
      'insert into people.participation (gathering, account, state, reminded_until) values ($1, $2, $3, now())',
      [event, guest, answered[at] ?? 'going'],
    );
  const { to } = await bench.within((tx) => guestsOf(tx, event));
  expect(to.toSorted()).toEqual(guests.slice(0, 3).sort());
});
