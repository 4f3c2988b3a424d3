import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { notificationKinds } from '#shared/notifications';
import notify from '../social/notify/function.ts';
import sendDigests from '../social/send-digests/function.ts';
import sendEmail from '../social/send-email/function.ts';
import sendPush from '../social/send-push/function.ts';
import { type Enrolled, enrolOne } from './testing/enrolled.ts';
import { problemIn } from './testing/front-door.ts';
import { follow, historyOf, like, listOf, openTelling, posted, prefer } from './testing/telling.ts';

const telling = await openTelling([notify, sendDigests, sendEmail, sendPush]);
const { door, worker, mails, pushes, others, other } = telling;
let ada: Enrolled;
/** A new person each time: nobody is told twice of the same. */
beforeEach(async () => {
  ada = await telling.newcomer();
});
afterAll(() => telling.close());

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
      `${path.slice(0, -1)}${path.endsWith('A') ? 'Q' : 'A'}`,
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
