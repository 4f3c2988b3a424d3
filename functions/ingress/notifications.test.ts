import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { notificationKinds } from '#shared/notifications';
import notify from '../social/notify/function.ts';
import notifyRuns from '../social/notify-runs/function.ts';
import sendDigests from '../social/send-digests/function.ts';
import sendEmail from '../social/send-email/function.ts';
import sendPush from '../social/send-push/function.ts';
import { type Enrolled, enrol, enrolOne } from './testing/enrolled.ts';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { openMailPeer } from './testing/mail-peer.ts';
import { openPushPeer } from './testing/push-peer.ts';
import { workerAt } from './testing/worker.ts';

interface Listed {
  id: string;
  kind: string;
  text: string;
  subject?: string;
  actor?: { id: string };
  people: number;
  occasions: number;
  read: boolean;
  cursor: string;
}

const door = await openFrontDoor();
const mails = await openMailPeer(door);
const pushes = await openPushPeer(door);
const worker = await workerAt(door, [notify, notifyRuns, sendDigests, sendEmail, sendPush], {
  ...mails.ports,
  ...pushes.ports,
});
let ada: Enrolled;
let others: readonly Enrolled[];
beforeAll(async () => {
  others = await enrol(door, 30);
});
/** A new person each time: nobody is told twice of the same. */
beforeEach(async () => {
  ada = await enrolOne(door);
  await door.fixture.rows('update people.account set email_verified_at = now() where id = $1', [ada.id]);
  mails.received.length = 0;
});
afterAll(async () => {
  await worker.close();
  await mails.close();
  await pushes.close();
  await door.close();
});

const other = (at = 0): Enrolled => others[at] ?? ada;
const follow = (by: Enrolled, user: Enrolled) => by.ask(`/users/${user.id}/follow`, { method: 'PUT' });
async function listOf(who: Enrolled, query = ''): Promise<{ notifications: Listed[]; unread: number }> {
  const answer = await who.ask(`/notifications${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { notifications: Listed[]; unread: number };
}
async function historyOf(who: Enrolled): Promise<{ id: string; channels: { email: string } }[]> {
  const answer = await who.ask('/api/v1/notifications/history?limit=100');
  return ((await answer.json()) as { notifications: { id: string; channels: { email: string } }[] })
    .notifications;
}
/** Changes what is preferred of some kinds. */
async function prefer(who: Enrolled, changes: Record<string, object>): Promise<Response> {
  const { preferences } = (await (await who.ask('/notifications/preferences')).json()) as {
    preferences: Record<string, object>;
  };
  const changed = Object.entries(changes).map(([kind, channels]) => [
    kind,
    { ...preferences[kind], ...channels },
  ]);
  return await who.ask('/notifications/preferences', {
    method: 'PUT',
    body: { preferences: { ...preferences, ...Object.fromEntries(changed) } },
  });
}
const posted = async (who: Enrolled): Promise<string> => {
  const answer = await who.ask('/posts', { body: { text: 'The tide is out.' } });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
};
const like = (by: Enrolled, post: string) => by.ask(`/posts/${post}/like`, { method: 'PUT' });

describe('what happens to somebody', () => {
  it('stands in his list once, with who did it, and is heard at once', async () => {
    await follow(other(), ada);
    await worker.workOff();
    const { notifications, unread } = await listOf(ada);
    expect(notifications).toMatchObject([
      { kind: 'followed', people: 1, occasions: 1, read: false, actor: { id: other().id } },
    ]);
    expect(notifications[0]?.text).toMatch(/^Enrolled_\d+ follows you\.$/);
    expect(unread).toBe(1);
    const heard = await door.fixture.rows<{ type: string; data: object }>(
      'select t.type, t.data from people.heard h join people.told t on t.id = h.told where h.account = $1',
      [ada.id],
    );
    expect(heard).toContainEqual({
      type: 'notification.created',
      data: { kind: 'followed', subject: '', actor: other().id },
    });
  });

  it('is one notification while it is unread, however many did it, and a new one afterwards', async () => {
    const post = await posted(ada);
    for (const by of others.slice(0, 13)) await like(by, post);
    await worker.workOff();
    const [first] = (await listOf(ada)).notifications;
    expect(first).toMatchObject({ kind: 'liked', subject: post, people: 13, occasions: 13 });
    expect(first?.text).toMatch(/^Enrolled_\d+ and 12 others like your post\.$/);
    expect((await ada.ask(`/notifications/${first?.id}/read`, { method: 'PUT' })).status).toBe(204);
    await like(other(20), post);
    await worker.workOff();
    const { notifications, unread } = await listOf(ada);
    expect(notifications.map(({ people, read }) => [people, read])).toEqual([
      [1, false],
      [13, true],
    ]);
    expect(unread).toBe(1);
  });

  it('is told once, although it is done again or delivered again', async () => {
    const post = await posted(ada);
    for (let again = 0; again < 3; again += 1) {
      await like(other(), post);
      await other().ask(`/posts/${post}/like`, { method: 'DELETE' });
    }
    await worker.workOff();
    // A process that dies before its commit: the next one does all of it again.
    await follow(other(), ada);
    const late = await worker.begin('notify');
    await door.fixture.rows(
      "update ledger.delivery set state = 'due', host = null where state = 'leased' and function = 'notify'",
    );
    await worker.workOff();
    expect(await door.fixture.work.commit(late)).toBe('refused');
    const { notifications } = await listOf(ada);
    expect(notifications.map(({ kind, occasions }) => [kind, occasions])).toEqual([
      ['followed', 1],
      ['liked', 1],
    ]);
  });

  it('is not told to who did it, nor of whom somebody has muted or keeps away', async () => {
    const post = await posted(ada);
    await ada.ask(`/users/${other(1).id}/mute`, { method: 'PUT' });
    await like(ada, post);
    await like(other(1), post);
    await like(other(2), post);
    await ada.ask(`/users/${other(2).id}/block`, { method: 'PUT' });
    await worker.workOff();
    expect((await listOf(ada)).notifications).toEqual([]);
  });

  it('of messages is one for a conversation, until he reads there', async () => {
    const opened = await other().ask('/messages/conversations', { body: { kind: 'direct', with: ada.id } });
    const { id: conversation } = (await opened.json()) as { id: string };
    const write = async (text: string) => {
      const sent = await other().ask('/messages', { body: { conversation, text } });
      expect(sent.status).toBe(201);
      return ((await sent.json()) as { seq: number }).seq;
    };
    const readUpTo = (seq: number) =>
      ada.ask(`/messages/conversations/${conversation}/read`, { method: 'PUT', body: { seq } });
    await write('one');
    const second = await write('two');
    await worker.workOff();
    const { notifications } = await listOf(ada);
    expect(notifications).toMatchObject([
      { kind: 'message', subject: conversation, occasions: 2, people: 1 },
    ]);
    expect(notifications[0]?.text).toMatch(/^Enrolled_\d+ sent you 2 messages\.$/);
    await readUpTo(second);
    expect((await listOf(ada)).unread).toBe(0);
    // What is read before anybody can tell of it is not told of.
    await readUpTo(await write('three'));
    await worker.workOff();
    expect((await listOf(ada)).unread).toBe(0);
  });

  it('of an event is told to those who take part, by its name', async () => {
    const times = { starts: '2030-05-01T18:30:00', zone: 'Europe/Paris' };
    const made = await other().ask('/events', {
      body: { title: 'Low tide', visibility: 'invited', ...times },
    });
    const { id } = (await made.json()) as { id: string };
    const invited = await other().ask(`/events/${id}/invitations/${ada.id}`, { method: 'PUT' });
    expect(invited.status).toBe(204);
    const going = await ada.ask(`/events/${id}/participation`, { method: 'PUT', body: { state: 'going' } });
    expect(going.status).toBe(200);
    const change = (body: object) =>
      other().ask(`/events/${id}`, {
        method: 'PUT',
        body: { title: 'Low tide', visibility: 'invited', ...body },
      });
    expect((await change({ ...times, starts: '2030-05-01T19:30:00' })).status).toBe(200);
    await change({ ...times, starts: '2030-05-01T19:30:00', description: 'Boots.' });
    await other().ask(`/events/${id}/cancel`, { method: 'POST' });
    await worker.workOff();
    const { notifications } = await listOf(ada);
    expect(notifications.map(({ kind, text, occasions }) => [kind, text, occasions])).toEqual([
      ['event-cancelled', '“Low tide” was cancelled.', 1],
      ['event-changed', '“Low tide” was changed.', 1],
      ['event-invited', expect.stringMatching(/^Enrolled_\d+ invites you to “Low tide”\.$/), 1],
    ]);
    expect((await listOf(other())).notifications.filter(({ subject }) => subject === id)).toEqual([]);
  });

  it('of a run of his is told when it has ended, once, also after it was tried again', async () => {
    const run = await door.start(ada.id, { topic: 'Why the sea is salt' });
    const end = (state: string) =>
      door.fixture.rows('update ledger.run set state = $2, settled_at = ledger.ledger_now() where id = $1', [
        run,
        state,
      ]);
    const ticked = async () => {
      await door.fixture.shiftClock('2 minutes');
      await door.fixture.housekeeping.tick();
      await worker.workOff();
    };
    // He waits for what is made at once.
    await end('completed');
    await ticked();
    await end('failed');
    await ticked();
    await ticked();
    await end('completed');
    await ticked();
    const { notifications } = await listOf(ada);
    expect(notifications.map(({ kind, subject, text }) => [kind, subject, text])).toEqual([
      ['run-completed', run, '“Why the sea is salt” is ready.'],
      ['run-failed', run, '“Why the sea is salt” could not be made.'],
    ]);
  });
});

describe('the list', () => {
  it('has pages that hold while more comes, and is read up to what was seen', async () => {
    const posts = [];
    for (let n = 0; n < 5; n += 1) posts.push(await posted(ada));
    for (const post of posts) await like(other(), post);
    await worker.workOff();
    const first = await ada.ask('/notifications?limit=2&unread=true');
    const page = (await first.json()) as { notifications: Listed[]; links: { next: string } };
    expect(first.headers.get('link')).toBe(`<${page.links.next}>; rel="next"`);
    // It moves to the top, and is added to what was seen.
    await like(other(1), page.notifications[1]?.subject ?? '');
    await worker.workOff();
    const next = (await (await ada.ask(page.links.next)).json()) as { notifications: Listed[] };
    const seen = [...page.notifications, ...next.notifications].map(({ id }) => id);
    expect(new Set(seen).size).toBe(4);
    const marked = await ada.ask('/notifications/read', {
      method: 'PUT',
      body: { cursor: page.notifications[0]?.cursor },
    });
    expect(await marked.json()).toEqual({ marked: 4, unread: 1 });
    expect((await listOf(ada, '?unread=true')).notifications.map(({ subject }) => subject)).toEqual([
      page.notifications[1]?.subject,
    ]);
    const [gone] = (await listOf(ada)).notifications;
    expect((await ada.ask(`/notifications/${gone?.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ada.ask(`/notifications/${gone?.id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await listOf(ada)).toMatchObject({ unread: 0, notifications: { length: 4 } });
  });

  it('is nobody else’s', async () => {
    await follow(other(), ada);
    await worker.workOff();
    const [{ id } = { id: '' }] = (await listOf(ada)).notifications;
    for (const [path, method] of [
      [`/notifications/${id}/read`, 'PUT'],
      [`/notifications/${id}`, 'DELETE'],
    ] as const) {
      const denied = await problemIn(await other().ask(path, { method }));
      const unknown = await problemIn(await other().ask(path.replace(id, randomUUID()), { method }));
      expect(denied.status).toBe(404);
      expect(denied.detail).toBe(unknown.detail);
      expect((await other().ask(path.replace(id, 'no-id'), { method })).status).toBe(404);
    }
    expect((await listOf(ada)).unread).toBe(1);
  });

  it.each(['?cursor=x', '?limit=0', '?limit=101', '?unread=maybe', '?cursor=1.2', '?kind=liked'])(
    'refuses %s',
    async (query) => {
      expect((await ada.ask(`/notifications${query}`)).status).toBe(400);
    },
  );
});

describe('preferences', () => {
  it('are the defaults until somebody chooses, and change only where he saw them', async () => {
    const read = await ada.ask('/notifications/preferences');
    const { preferences } = (await read.json()) as { preferences: Record<string, object> };
    expect(preferences).toEqual(
      Object.fromEntries(Object.entries(notificationKinds).map(([kind, { defaults }]) => [kind, defaults])),
    );
    const etag = read.headers.get('etag') ?? '';
    const again = await ada.ask('/notifications/preferences', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    const body = { preferences: { ...preferences, liked: { inApp: false, email: 'none', push: false } } };
    const put = (tag: string) =>
      ada.ask('/notifications/preferences', { method: 'PUT', body, headers: { 'if-match': tag } });
    const changed = await put(etag);
    expect(changed.status).toBe(200);
    expect(await changed.json()).toEqual(body);
    expect((await put(etag)).status).toBe(412);
    expect((await put(changed.headers.get('etag') ?? '')).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['no kinds', { preferences: {} }],
    ['a kind that is none', { preferences: { all: { inApp: true, email: 'none', push: false } } }],
    ['a channel that is none', { preferences: { liked: { inApp: true, email: 'hourly', push: false } } }],
  ])('refuse %s', async (_, body) => {
    const problem = await problemIn(await ada.ask('/notifications/preferences', { method: 'PUT', body }));
    expect(problem).toMatchObject({ status: 400, code: 'request-invalid' });
  });

  it.each<[email: string, inApp: boolean, push: boolean, mailed: number, waits: number, pushed: number]>([
    ['each', true, true, 1, 0, 1],
    ['each', false, false, 1, 0, 0],
    ['digest', true, false, 0, 1, 0],
    ['none', false, true, 0, 0, 1],
    ['none', true, false, 0, 0, 0],
    ['none', false, false, 0, 0, 0],
  ])(
    'e-mail %s, in-app %s, push %s: %i mailed, %i waiting, %i pushed',
    async (email, inApp, push, mailed, waits, pushed) => {
      await pushes.subscribe(ada);
      await prefer(ada, { followed: { email, inApp, push } });
      await follow(other(), ada);
      await worker.workOff();
      expect(mails.received).toHaveLength(mailed);
      expect(pushes.takenFor(ada)).toHaveLength(pushed);
      const { notifications } = await listOf(ada);
      expect(notifications).toHaveLength(inApp ? 1 : 0);
      expect((await historyOf(ada)).map(({ channels }) => channels.email)).toEqual(
        mailed > 0 ? ['mailed'] : waits > 0 ? ['waiting'] : inApp || pushed > 0 ? ['none'] : [],
      );
    },
  );

  it('mail nobody whose address was not verified', async () => {
    await door.fixture.rows('update people.account set email_verified_at = null where id = $1', [ada.id]);
    await prefer(ada, { followed: { email: 'each' } });
    await follow(other(), ada);
    await worker.workOff();
    expect(mails.received).toEqual([]);
    expect((await listOf(ada)).unread).toBe(1);
  });
});

describe('mails', () => {
  it('of a flood are three, and one digest of the rest, each notification in one of them', async () => {
    await prefer(ada, { liked: { email: 'each' } });
    const posts: string[] = [];
    for (let n = 0; n < 20; n += 1) posts.push(await posted(ada));
    // 500 likes: of each post 25.
    for (const by of others.slice(0, 25)) await Promise.all(posts.map((post) => like(by, post)));
    await worker.workOff();
    expect(mails.received).toHaveLength(3);
    expect((await listOf(ada)).unread).toBe(20);
    // What is read needs no mail.
    const waits = (await historyOf(ada)).find(({ channels }) => channels.email === 'waiting');
    await ada.ask(`/notifications/${waits?.id}/read`, { method: 'PUT' });
    await door.fixture.shiftClock('61 minutes');
    await door.fixture.housekeeping.tick();
    // One dies after it has gathered what waits; nothing of that holds.
    await worker.begin('send-digests');
    await door.fixture.rows(
      "update ledger.delivery set state = 'due', host = null where state = 'leased' and function = 'send-digests'",
    );
    await worker.workOff();
    await door.fixture.shiftClock('61 minutes');
    await door.fixture.housekeeping.tick();
    await worker.workOff();
    expect(mails.received).toHaveLength(4);
    const digest = mails.received[3];
    expect(digest?.subject).toBe('16 things that you may have missed');
    const waiting = await door.fixture.rows(
      'select from people.notification where account = $1 and mail_at is not null',
      [ada.id],
    );
    expect(waiting).toEqual([]);
    const inMails = await door.fixture.rows<{ mailings: number; mailed: number }>(
      `select count(distinct mailing)::int as mailings, count(mailing)::int as mailed
       from people.notification where account = $1`,
      [ada.id],
    );
    expect(inMails).toEqual([{ mailings: 4, mailed: 19 }]);
  }, 120_000);

  it('hold what people call themselves as text, and in no header', async () => {
    const rude = await enrolOne(door);
    await door.fixture.rows('update people.account set name = $2 where id = $1', [
      rude.id,
      '<b>Eve</b>\u2028 & "co"',
    ]);
    await prefer(ada, { followed: { email: 'each' } });
    await follow(rude, ada);
    await worker.workOff();
    const [mail] = mails.received;
    expect(mail?.subject).toBe('<b>Eve</b> & "co" follows you.');
    const [, html = ''] = mail?.decoded.split('<!doctype html>') ?? [];
    expect(html).not.toContain('<b>Eve');
    expect(html).toContain('&lt;b&gt;Eve&lt;/b&gt;');
  });

  it('end with their link, without signing in, and for their kind alone', async () => {
    await prefer(ada, { followed: { email: 'each' }, liked: { email: 'each' } });
    await follow(other(), ada);
    await worker.workOff();
    const [mail] = mails.received;
    expect(mail?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const link = /^<(.+)>$/.exec(mail?.headers.get('list-unsubscribe') ?? '')?.[1] ?? '';
    const path = new URL(link).pathname;
    const page = await door.ask(path);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('<button>No more mails</button>');
    const oneClick = await door.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(oneClick.status).toBe(200);
    const { preferences } = (await (await ada.ask('/notifications/preferences')).json()) as {
      preferences: Record<string, { email: string }>;
    };
    expect([preferences.followed?.email, preferences.liked?.email]).toEqual(['none', 'each']);
    for (const forged of [
      path.replace('.followed.', '.liked.'),
      `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`,
      path.replace(/[0-9a-f]{32}/, other().id.replaceAll('-', '')),
      '/notifications/unsubscribe/x',
    ])
      for (const method of ['GET', 'POST']) expect((await door.ask(forged, { method })).status).toBe(404);
  });
});

describe('a notice', () => {
  const send = async (body: object, headers: Record<string, string> = {}) =>
    await door.ask('/api/v1/notifications/send', {
      body,
      headers: {
        authorization: `Bearer ${await door.token('boss', { roles: ['admin'] })}`,
        ...headers,
      },
    });

  it('of an admin reaches whom it is for, once for its key', async () => {
    const body = { user: ada.id, title: 'We move on Sunday', text: 'From 2 to 3.\nNothing is lost.' };
    const first = await send(body, { 'idempotency-key': 'move' });
    const again = await send(body, { 'idempotency-key': 'move' });
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(await again.json()).toEqual(await first.json());
    await worker.workOff();
    const { notifications } = await listOf(ada);
    expect(notifications).toMatchObject([{ kind: 'notice', text: body.title, body: body.text }]);
    expect(mails.received[0]?.subject).toBe(body.title);
  });

  it.each([
    ['nobody', { user: randomUUID() }, 404],
    ['no id', { user: 'ada' }, 400],
    ['no title', { title: ' ' }, 400],
    ['a title of two lines', { title: 'a\nBcc: b' }, 400],
    ['a long title', { title: 'a'.repeat(201) }, 400],
    ['a lone surrogate', { title: '\ud800' }, 400],
    ['a long text', { text: 'a'.repeat(2_001) }, 400],
    ['a null', { text: 'a\0b' }, 400],
  ])('for %s is refused', async (_, wrong, status) => {
    expect((await send({ user: ada.id, title: 'A title', ...wrong })).status).toBe(status);
  });

  it('is no matter of others', async () => {
    const body = { user: ada.id, title: 'A title' };
    expect((await ada.ask('/api/v1/notifications/send', { body })).status).toBe(403);
  });
});

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

describe('whoever leaves', () => {
  it('takes with him what he chose, and all that he was told goes', async () => {
    await pushes.subscribe(ada);
    await prefer(ada, { liked: { email: 'none' } });
    await follow(other(), ada);
    await worker.workOff();
    const taken = (await (await ada.ask('/users/me/export')).json()) as { notifications: object };
    expect(taken.notifications).toMatchObject({
      preferences: { liked: { email: 'none' } },
      subscriptions: [{ service: expect.stringContaining('127.0.0.1') }],
    });
    await door.fixture.rows('delete from people.account where id = $1', [ada.id]);
    for (const table of ['notification', 'notification_settings', 'notified', 'mailing', 'push_subscription'])
      expect(await door.fixture.rows(`select from people.${table} where account = $1`, [ada.id])).toEqual([]);
    // What is told of him, or to him, from now on finds nobody.
    await follow(ada, other());
    await worker.workOff();
  });

  it('is no longer named to those whom he did something to', async () => {
    const [gone] = await enrol(door, 1);
    await follow(gone ?? ada, ada);
    await worker.workOff();
    await door.fixture.rows('delete from people.account where id = $1', [gone?.id]);
    expect((await listOf(ada)).notifications[0]).toMatchObject({ text: 'Somebody follows you.' });
  });
});

describe('what goes on', () => {
  it('is told of one’s own run alone', async () => {
    const run = await door.start(ada.id, { topic: 'Why the sea is salt' });
    const answer = await ada.ask(`/api/v1/notifications/progress/${run}`);
    expect(await answer.json()).toMatchObject({ id: run, status: 'queued', progress: 0, doing: [] });
    expect((await other().ask(`/api/v1/notifications/progress/${run}`)).status).toBe(404);
  });

  it('was no error of ours, and named neither words nor secrets in the ledger', async () => {
    expectNoErrors(door);
    const [dump] = await door.fixture.rows<{ all: string }>(
      `select concat((select string_agg(e.data::text, '') from ledger.event e),
         (select string_agg(coalesce(d.reply::text, ''), '') from ledger.delivery d)) as all`,
    );
    expect(dump?.all).not.toMatch(/example\.org|Enrolled_|We move on|p256dh|unsubscribe/);
  });
});
