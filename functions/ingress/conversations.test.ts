import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer } from './testing/people.ts';
import { answered, type Message, type MessagePage, talkingAt } from './testing/talking.ts';

const door = await openFrontDoor();
const { arrives, ask, direct, group, page, say } = talkingAt(door);
const alice = await arrives();
const bob = await arrives();
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

describe('people talk', () => {
  it('by two: what one says the other reads, answers, and marks as read', async () => {
    const conversation = await direct(alice, bob);
    expect(await direct(bob, alice, 200)).toBe(conversation);
    const asked = await say(alice, conversation, `  Have you seen the white one,\r\n@${bob.handle}? `);
    expect(asked).toMatchObject({
      seq: 1,
      text: `Have you seen the white one,\n@${bob.handle}?`,
      author: { id: alice.id, handle: alice.handle },
      mentions: [{ handle: bob.handle }],
      version: 1,
      hidden: false,
    });
    await say(bob, conversation, 'Which?', { replyTo: asked.id });
    const list = await answered<object>(await ask(alice, '/messages/conversations'), 200);
    expect(list).toMatchObject({
      conversations: [
        {
          id: conversation,
          kind: 'direct',
          with: { id: bob.id },
          unread: 1,
          lastMessage: { text: 'Which?' },
        },
      ],
      unread: 1,
    });
    const mark = await ask(alice, `/messages/conversations/${conversation}/read`, 'PUT', { seq: 99 });
    expect(await answered(mark, 200)).toEqual({ read: 2, unread: 0 });
    const whole = await answered(await ask(bob, `/messages/conversations/${conversation}`), 200);
    expect(whole).toMatchObject({ people: [{ id: alice.id, read: 2, owner: false }, { id: bob.id }] });
    expect((await page(bob, `/messages?conversation=${conversation}`)).messages).toMatchObject([
      { seq: 2, replyTo: asked.id },
      { seq: 1, id: asked.id },
    ]);
  });

  it('in pages, in both directions, without a gap', async () => {
    const conversation = await group(alice, bob);
    for (let n = 1; n <= 12; n += 1) await say(alice, conversation, `${n}`);
    const older: number[] = [];
    let next: string | undefined = `/messages?conversation=${conversation}&limit=5`;
    while (next !== undefined && older.length < 50) {
      const answer = await ask(bob, next);
      const { messages, links } = await answered<MessagePage>(answer, 200);
      older.push(...messages.map(({ seq }) => seq));
      if (links.next !== undefined)
        expect(answer.headers.get('link')).toContain(`<${links.next}>; rel="next"`);
      next = links.next;
    }
    expect(older).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    let at = await page(bob, `/messages?conversation=${conversation}&limit=5&cursor=after-3`);
    expect(at.messages.map(({ seq }) => seq)).toEqual([8, 7, 6, 5, 4]);
    at = await page(bob, at.links.prev ?? '');
    expect(at.messages.map(({ seq }) => seq)).toEqual([12, 11, 10, 9]);
    at = await page(bob, at.links.prev ?? '');
    expect(at.messages).toEqual([]);
    await say(alice, conversation, '13');
    expect((await page(bob, at.links.prev ?? '')).messages).toMatchObject([{ seq: 13 }]);
  });

  it('once, however often a message is sent: by its id and by an Idempotency-Key', async () => {
    const conversation = await group(alice, bob);
    const body = { id: randomUUID(), conversation, text: 'Once' };
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(alice, '/messages', 'POST', body)));
    const made = await Promise.all(answers.map((answer) => answered<Message>(answer, 201)));
    for (const message of made) expect(message).toEqual(made[0]);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(4);
    const other = await ask(alice, '/messages', 'POST', { ...body, text: 'Twice' });
    expect(await problemIn(other)).toMatchObject({ status: 409, code: 'message-id-taken' });
    const key = { 'idempotency-key': '"a key"' };
    const keyed = { conversation, text: 'By key' };
    const first = await answered<Message>(await ask(alice, '/messages', 'POST', keyed, key), 201);
    expect(await answered(await ask(alice, '/messages', 'POST', keyed, key), 201)).toEqual(first);
    const reused = await ask(alice, '/messages', 'POST', { ...keyed, text: 'Another' }, key);
    expect(await problemIn(reused)).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    expect((await page(bob, `/messages?conversation=${conversation}`)).messages).toHaveLength(2);
  });

  it('and change what they said, for all, unless somebody was faster', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'a mock turtle');
    await ask(bob, `/messages/${id}/reactions/%F0%9F%91%8D`, 'PUT');
    const read = await ask(alice, `/messages/${id}`);
    const etag = { 'if-match': read.headers.get('etag') ?? '' };
    const edited = await ask(alice, `/messages/${id}`, 'PUT', { text: 'a real turtle' }, etag);
    expect(await answered(edited, 200)).toMatchObject({
      text: 'a real turtle',
      version: 2,
      editedAt: expect.any(String),
    });
    const late = await ask(alice, `/messages/${id}`, 'PUT', { text: 'no turtle' }, etag);
    expect(await problemIn(late)).toMatchObject({ status: 412, code: 'version-changed' });
    expect((await ask(alice, `/messages/${id}`, 'DELETE')).status).toBe(204);
    expect((await ask(alice, `/messages/${id}`, 'DELETE')).status).toBe(204);
    expect(await answered(await ask(bob, `/messages/${id}`), 200)).toMatchObject({
      ...{ seq: 1, text: '', reactions: [], attachments: [], deletedAt: expect.any(String) },
    });
    for (const [path, method, body] of [
      [`/messages/${id}`, 'PUT', { text: 'back' }],
      [`/messages/${id}/reactions/%F0%9F%91%8D`, 'PUT', undefined],
    ] as const)
      expect(await problemIn(await ask(alice, path, method, body))).toMatchObject({
        code: 'message-deleted',
      });
    const kept = await door.fixture.rows('select from people.message where text like $1', ['%turtle%']);
    expect(kept).toEqual([]);
  });

  it('a day long, and not later', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'old');
    await door.fixture.rows("update people.message set sent_at = now() - interval '25 hours' where id = $1", [
      id,
    ]);
    const answer = await ask(alice, `/messages/${id}`, 'PUT', { text: 'new' });
    expect(await problemIn(answer)).toMatchObject({ status: 409, code: 'edit-too-late' });
  });

  it('with emoji, one of each', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'Vote');
    const heart = encodeURIComponent('\u2764');
    for (const emoji of [heart, encodeURIComponent('\u2764\ufe0f'), heart])
      expect((await ask(bob, `/messages/${id}/reactions/${emoji}`, 'PUT')).status).toBe(204);
    const [seen] = (await page(bob, `/messages?conversation=${conversation}`)).messages;
    expect(seen?.reactions).toEqual([{ emoji: '\u2764\ufe0f', count: 1, mine: true }]);
    for (let n = 0; n < 2; n += 1)
      expect((await ask(bob, `/messages/${id}/reactions/${heart}`, 'DELETE')).status).toBe(204);
    for (const wrong of ['a', '%F0%9F%91%8D%F0%9F%91%8D', '%00', '%ff', '..%2f', '%F0%9F%87%AB'])
      expect((await ask(bob, `/messages/${id}/reactions/${wrong}`, 'PUT')).status, wrong).toBe(404);
  });

  it('no faster than sixty a minute', async () => {
    const quick = await arrives();
    const conversation = await group(quick, bob);
    await door.fixture.rows(
      `insert into people.message (id, conversation, seq, author, text, words)
       select gen_random_uuid(), $1, n, $2, 'quick', '' from generate_series(1, 60) n`,
      [conversation, quick.id],
    );
    await door.fixture.rows('update people.conversation set last_seq = 60 where id = $1', [conversation]);
    const body = { conversation, text: 'One more' };
    const key = { 'idempotency-key': 'k' };
    const refused = await ask(quick, '/messages', 'POST', body, key);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemIn(refused)).toMatchObject({ status: 429, code: 'messages-too-many' });
    await door.fixture.rows(
      "update people.message set sent_at = now() - interval '2 minutes' where author = $1",
      [quick.id],
    );
    // The same request, with the same key, is good later.
    await answered(await ask(quick, '/messages', 'POST', body, key), 201);
  });
});

describe('what goes along', () => {
  it('is one’s own: an artifact is opened by whoever may see the message, by its link', async () => {
    const conversation = await group(alice, bob);
    const begun = await door.ask('/api/pipelines', {
      headers: bearer(alice),
      body: { topic: 'Why the sea is salt' },
    });
    const { id: pipeline } = await answered<{ id: string }>(begun, 202);
    await door.work('keyword-fetch', {
      files: { 'video.mp4': { bytes: 'a film', type: 'video/mp4' } },
      events: [{ type: 'pipeline.keywords.fetched', data: {} }],
    });
    const film = { kind: 'artifact', pipeline, name: 'video.mp4' };
    const sent = await say(alice, conversation, '', { attachments: [film] });
    expect(sent.attachments).toMatchObject([{ ...film, type: 'video/mp4', bytes: 6 }]);
    const [seen] = (await page(bob, `/messages?conversation=${conversation}`)).messages;
    expect(await (await door.ask(seen?.attachments[0]?.href ?? '')).text()).toBe('a film');
    for (const wrong of [film, { ...film, name: 'other.mp4' }, { ...film, pipeline: randomUUID() }]) {
      const answer = await ask(bob, '/messages', 'POST', { conversation, attachments: [wrong] });
      expect(await problemIn(answer)).toMatchObject({ status: 400, code: 'attachment-unknown' });
    }
    const none = await ask(bob, '/messages', 'POST', {
      ...{ conversation, attachments: [{ kind: 'picture', picture: randomUUID() }] },
    });
    expect(await problemIn(none)).toMatchObject({ status: 400, code: 'picture-unknown' });
  });
});
