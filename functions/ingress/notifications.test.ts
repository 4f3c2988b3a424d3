import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import notify from '../social/notify/function.ts';
import notifyRuns from '../social/notify-runs/function.ts';
import sendDigests from '../social/send-digests/function.ts';
import sendEmail from '../social/send-email/function.ts';
import sendPush from '../social/send-push/function.ts';
import { type Enrolled, enrol } from './testing/enrolled.ts';
import { problemIn } from './testing/front-door.ts';
import { follow, type Listed, like, listOf, openTelling, posted, prefer } from './testing/telling.ts';

const telling = await openTelling([notify, notifyRuns, sendDigests, sendEmail, sendPush]);
const { door, worker, pushes, others, other } = telling;
let ada: Enrolled;
/** A new person each time: nobody is told twice of the same. */
beforeEach(async () => {
  ada = await telling.newcomer();
});
afterAll(() => telling.close());

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
    await telling.expectQuiet();
  });
});
