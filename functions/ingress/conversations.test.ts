import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { bearer, type Credentials, peopleAt, type Tokens } from './testing/people.ts';

const door = await openFrontDoor();
const { registered, signedIn } = peopleAt(door);

interface Person extends Credentials, Tokens {
  readonly id: string;
}
interface Message {
  readonly id: string;
  readonly seq: number;
  readonly text: string;
  readonly author: { readonly id: string } | null;
  readonly mentions: readonly { readonly handle: string }[];
  readonly reactions: readonly { readonly emoji: string; readonly count: number; readonly mine: boolean }[];
  readonly attachments: readonly {
    readonly kind: string;
    readonly href?: string;
    readonly sizes?: unknown[];
  }[];
  readonly version: number;
  readonly hidden: boolean;
}
interface MessagePage {
  readonly messages: readonly Message[];
  readonly links: { readonly self: string; readonly next?: string; readonly prev?: string };
}

const people: Person[] = [];
async function arrives(): Promise<Person> {
  const who = await registered();
  const person = { ...who, ...(await signedIn(who)) };
  people.push(person);
  return person;
}

let alice: Person;
let bob: Person;
let carol: Person;
let stranger: Person;
beforeAll(async () => {
  for (let n = 0; n < 4; n += 1) await arrives();
  [alice, bob, carol, stranger] = people as [Person, Person, Person, Person];
}, 60_000);
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
});

const ask = (by: Person, path: string, method = 'GET', body?: object, headers: Record<string, string> = {}) =>
  door.ask(path, { method, ...(body === undefined ? {} : { body }), headers: { ...bearer(by), ...headers } });

async function answered<Body>(answer: Response, status: number): Promise<Body> {
  const text = await answer.text();
  expect([answer.status, text]).toEqual([status, text]);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

async function group(owner: Person, ...members: Person[]): Promise<string> {
  const body = { kind: 'group', title: 'Rabbits', members: members.map(({ id }) => id) };
  return (await answered<{ id: string }>(await ask(owner, '/messages/conversations', 'POST', body), 201)).id;
}

async function direct(by: Person, other: Person, status = 201): Promise<string> {
  const body = { kind: 'direct', with: other.id };
  return (await answered<{ id: string }>(await ask(by, '/messages/conversations', 'POST', body), status)).id;
}

const say = async (by: Person, conversation: string, text: string, more: object = {}): Promise<Message> =>
  answered(await ask(by, '/messages', 'POST', { conversation, text, ...more }), 201);

const page = async (by: Person, path: string): Promise<MessagePage> => answered(await ask(by, path), 200);

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

describe('a group', () => {
  it('is changed by its owner; who leaves, or is taken out, sees nothing of it; who comes sees what comes', async () => {
    const conversation = await group(alice, bob, carol);
    const path = `/messages/conversations/${conversation}`;
    const early = await say(bob, conversation, 'early');
    const etag = { 'if-match': (await ask(alice, path)).headers.get('etag') ?? '' };
    expect(await answered(await ask(alice, path, 'PUT', { title: ' Hares ' }, etag), 200)).toMatchObject({
      title: 'Hares',
    });
    expect((await ask(alice, path, 'PUT', { title: 'Late' }, etag)).status).toBe(412);
    expect(await problemIn(await ask(bob, path, 'PUT', { title: 'Mine' }))).toMatchObject({
      status: 403,
      code: 'not-owner',
    });
    expect((await ask(bob, `${path}/members/${carol.id}`, 'DELETE')).status).toBe(403);
    expect((await ask(bob, `${path}/members/${stranger.id}`, 'PUT')).status).toBe(403);
    expect((await ask(alice, `${path}/members/${randomUUID()}`, 'PUT')).status).toBe(404);
    for (let n = 0; n < 2; n += 1)
      expect((await ask(alice, `${path}/members/${carol.id}`, 'DELETE')).status).toBe(204);
    for (let n = 0; n < 2; n += 1)
      expect((await ask(alice, `${path}/members/${stranger.id}`, 'PUT')).status).toBe(204);
    const late = await say(bob, conversation, `late, @${stranger.handle} @${carol.handle}`);
    expect(late.mentions).toEqual([{ id: stranger.id, handle: stranger.handle, name: stranger.handle }]);
    for (const gone of [
      path,
      `/messages?conversation=${conversation}`,
      `/messages/${early.id}`,
      `/messages/${late.id}`,
    ])
      expect((await ask(carol, gone)).status, gone).toBe(404);
    expect((await page(stranger, `/messages?conversation=${conversation}`)).messages).toMatchObject([
      { text: late.text },
    ]);
    expect((await ask(stranger, `/messages/${early.id}`)).status).toBe(404);
    expect((await ask(stranger, `/messages/${early.id}/reactions/%F0%9F%91%8D`, 'PUT')).status).toBe(404);
    const answer = await ask(stranger, '/messages', 'POST', {
      conversation,
      text: 'What?',
      replyTo: early.id,
    });
    expect(await problemIn(answer)).toMatchObject({ status: 400, code: 'reply-unknown' });
    // The owner may delete what others said; when he leaves, the next one owns it.
    expect((await ask(alice, `/messages/${late.id}`, 'DELETE')).status).toBe(204);
    expect((await ask(alice, `${path}/members/${alice.id}`, 'DELETE')).status).toBe(204);
    expect(await answered(await ask(bob, path, 'PUT', { title: 'Mine' }), 200)).toMatchObject({
      people: [
        { id: bob.id, owner: true },
        { id: stranger.id, owner: false },
      ],
    });
    for (const who of [stranger, bob])
      expect((await ask(who, `${path}/members/${who.id}`, 'DELETE')).status).toBe(204);
    const left = await door.fixture.rows('select from people.message where conversation = $1', [
      conversation,
    ]);
    expect(left).toEqual([]);
  });

  it('is not for somebody who has blocked its owner, nor for nobody', async () => {
    const shy = await arrives();
    expect((await ask(shy, `/users/${alice.id}/block`, 'PUT')).status).toBe(204);
    for (const member of [shy.id, randomUUID()]) {
      const body = { kind: 'group', title: 'Rabbits', members: [bob.id, member] };
      expect(await problemIn(await ask(alice, '/messages/conversations', 'POST', body))).toMatchObject({
        status: 404,
        code: 'member-unknown',
        errors: [{ field: 'members.1' }],
      });
    }
    const conversation = await group(alice, bob);
    expect(
      (await ask(alice, `/messages/conversations/${conversation}/members/${shy.id}`, 'PUT')).status,
    ).toBe(404);
  });
});

describe('whoever blocks somebody', () => {
  it('hears nothing more of him by two, and sees what he says in a group as folded', async () => {
    const [pest, quiet] = [await arrives(), await arrives()];
    const conversation = await direct(pest, quiet);
    const common = await group(alice, pest, quiet);
    const said = await say(pest, conversation, 'Hello?');
    expect((await ask(quiet, `/users/${pest.id}/block`, 'PUT')).status).toBe(204);
    for (const [by, other] of [
      [pest, quiet],
      [quiet, pest],
    ] as const) {
      expect(
        await problemIn(await ask(by, '/messages', 'POST', { conversation, text: 'Hello?' })),
      ).toMatchObject({
        ...{ status: 403, code: 'person-blocked' },
      });
      // What was said stays theirs to read.
      expect(await direct(by, other, 200)).toBe(conversation);
    }
    for (const [path, method, body] of [
      [`/messages/${said.id}`, 'PUT', { text: 'Hello!' }],
      [`/messages/${said.id}/reactions/%F0%9F%91%8D`, 'PUT', undefined],
    ] as const)
      expect((await ask(pest, path, method, body)).status).toBe(403);
    await say(pest, common, 'Hello all');
    const [seen] = (await page(quiet, `/messages?conversation=${common}`)).messages;
    expect(seen).toMatchObject({ text: 'Hello all', hidden: true });
    expect((await page(alice, `/messages?conversation=${common}`)).messages).toMatchObject([
      { hidden: false },
    ]);
    const [newcomer, blocker] = [await arrives(), await arrives()];
    await ask(blocker, `/users/${newcomer.id}/block`, 'PUT');
    const open = (by: Person, other: Person) =>
      ask(by, '/messages/conversations', 'POST', { kind: 'direct', with: other.id });
    const refused = await problemIn(await open(newcomer, blocker));
    expect(refused).toMatchObject({ status: 404, code: 'not-found' });
    expect((await problemIn(await open(newcomer, { ...blocker, id: randomUUID() }))).detail).toBe(
      refused.detail,
    );
    expect((await open(blocker, newcomer)).status).toBe(409);
  });
});

describe('a deleted account', () => {
  it('leaves what it said to others, without its name, and nobody who would read more', async () => {
    const leaver = await arrives();
    const conversation = await direct(leaver, bob);
    const common = await group(leaver, alice, bob);
    const { id } = await say(leaver, conversation, 'Farewell');
    await say(leaver, common, 'Farewell all');
    await ask(leaver, `/messages/${(await say(bob, common, 'Bye')).id}/reactions/%F0%9F%91%8D`, 'PUT');
    const alone = await group(leaver, stranger);
    await ask(stranger, `/messages/conversations/${alone}/members/${stranger.id}`, 'DELETE');
    expect((await ask(leaver, '/users/me', 'DELETE', { password: leaver.password })).status).toBe(202);
    expect(await answered(await ask(bob, `/messages/${id}`), 200)).toMatchObject({
      text: 'Farewell',
      author: null,
    });
    expect(await answered(await ask(bob, `/messages/conversations/${conversation}`), 200)).toMatchObject({
      with: null,
    });
    expect(
      await problemIn(await ask(bob, '/messages', 'POST', { conversation, text: 'Wait' })),
    ).toMatchObject({
      ...{ status: 409, code: 'person-gone' },
    });
    const [bye] = (await page(alice, `/messages?conversation=${common}`)).messages;
    expect(bye).toMatchObject({ text: 'Bye', reactions: [] });
    // Another one owns the group, and what nobody is left to read is gone.
    expect(await answered(await ask(alice, `/messages/conversations/${common}`), 200)).toMatchObject({
      people: [{ id: alice.id, owner: true }, { id: bob.id }],
    });
    expect(await door.fixture.rows('select from people.conversation where id = $1', [alone])).toEqual([]);
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

describe('what is sent wrongly', () => {
  const long = 'x'.repeat(4_001);
  it.each<[string, object, string]>([
    ['nothing', { text: '' }, 'text'],
    ['blanks', { text: ' \n\t ' }, 'text'],
    ['a text that is too long', { text: long }, 'text'],
    ['half a letter', { text: 'a\ud800' }, 'text'],
    ['NUL', { text: 'a\u0000b' }, 'text'],
    ['a control character', { text: 'a\u001b[31m' }, 'text'],
    ['text that turns around', { text: 'a\u202eb' }, 'text'],
    ['a number', { text: 12 }, 'text'],
    ['an id that is none', { text: 'a', id: '1' }, 'id'],
    ['a reply to nothing', { text: 'a', replyTo: 'x' }, 'replyTo'],
    [
      'eleven attachments',
      { attachments: Array.from({ length: 11 }, () => ({ kind: 'picture', picture: randomUUID() })) },
      'attachments',
    ],
    ['an attachment of no kind', { attachments: [{ picture: randomUUID() }] }, 'attachments.0.kind'],
    ['an author', { text: 'a', author: randomUUID() }, 'author'],
    ['a number of one’s own', { text: 'a', seq: 1 }, 'seq'],
  ])('is refused: %s', async (_, body, field) => {
    const conversation = await group(alice, bob);
    const problem = await problemIn(await ask(alice, '/messages', 'POST', { conversation, ...body }));
    expect(problem).toMatchObject({ status: 400 });
    expect(problem.errors?.map((error) => error.field)).toContain(field);
  });

  it('is data, where it is only strange', async () => {
    const conversation = await group(alice, bob);
    for (const text of [
      '<script>alert(1)</script>',
      "'); drop table people.message; --",
      'a\tb\nc',
      '\u200e\u05d0\u2066b\u2069',
      '{{7*7}} $(x) %s %00',
      'Z\u0351\u036b\u0343'.repeat(300),
      '👨‍👩‍👧‍👦',
    ])
      expect((await say(alice, conversation, text)).text).toBe(text.normalize('NFC'));
  });

  it.each([
    ['/messages', 400],
    ['/messages?conversation=x', 400],
    [`/messages?conversation=${randomUUID()}`, 404],
    [`/messages?conversation=${randomUUID()}&cursor=before--1`, 400],
    [`/messages?conversation=${randomUUID()}&cursor=after-99999999999`, 400],
    [`/messages?conversation=${randomUUID()}&limit=101`, 400],
    ['/messages/search', 400],
    ['/messages/search?q=', 400],
    ['/messages/search?q=%00%00', 200],
    ['/messages/search?q=ab&cursor=x', 400],
    ['/messages/conversations?cursor=1.x', 400],
    ['/messages/conversations/x', 404],
    ['/messages/x', 404],
    [`/messages/${randomUUID()}`, 404],
  ])('is asked for in vain: %s', async (path, status) => {
    expect((await ask(alice, path)).status).toBe(status);
  });

  it.each([
    ['oneself', () => ({ kind: 'direct', with: alice.id }), 409],
    ['nobody', () => ({ kind: 'direct', with: randomUUID() }), 404],
    ['no members', () => ({ kind: 'group', title: 'A', members: [] }), 400],
    [
      'too many',
      () => ({ kind: 'group', title: 'A', members: Array.from({ length: 256 }, () => randomUUID()) }),
      400,
    ],
    ['a title of two lines', () => ({ kind: 'group', title: 'A\nB', members: [bob.id] }), 400],
    ['no title', () => ({ kind: 'group', title: ' ', members: [bob.id] }), 400],
    ['neither', () => ({ with: bob.id }), 400],
  ])('opens nothing: %s', async (_, body, status) => {
    expect((await ask(alice, '/messages/conversations', 'POST', body())).status).toBe(status);
  });

  it('is refused by its own method', async () => {
    for (const path of ['/messages/search', '/messages/conversations'])
      expect((await ask(alice, path, 'DELETE')).status, path).toBe(405);
  });
});

describe('nobody else', () => {
  it('learns anything: a stranger, somebody without an account, and an admin are all told that there is nothing', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'Only for two');
    const admin = `Bearer ${await door.token('boss', { roles: ['admin'] })}`;
    const body: Record<string, object> = {
      [`PUT /messages/conversations/${conversation}`]: { title: 'Mine' },
      [`PUT /messages/conversations/${conversation}/read`]: { seq: 1 },
      [`PUT /messages/${id}`]: { text: 'Mine' },
      'POST /messages': { conversation, text: 'Mine' },
    };
    for (const asked of [
      `GET /messages/conversations/${conversation}`,
      `PUT /messages/conversations/${conversation}`,
      `PUT /messages/conversations/${conversation}/read`,
      `POST /messages/conversations/${conversation}/typing`,
      `PUT /messages/conversations/${conversation}/members/${stranger.id}`,
      `DELETE /messages/conversations/${conversation}/members/${bob.id}`,
      `GET /messages?conversation=${conversation}`,
      'POST /messages',
      `GET /messages/${id}`,
      `PUT /messages/${id}`,
      `DELETE /messages/${id}`,
      `PUT /messages/${id}/reactions/%F0%9F%91%8D`,
      `DELETE /messages/${id}/reactions/%F0%9F%91%8D`,
    ]) {
      const [method = '', path = ''] = asked.split(' ');
      const sent = body[asked] === undefined ? {} : { body: body[asked] };
      const by = (headers: Record<string, string>) => door.ask(path, { method, ...sent, headers });
      expect((await by({})).status, asked).toBe(401);
      for (const headers of [bearer(stranger), { authorization: admin }])
        expect(await problemIn(await by(headers)), asked).toMatchObject({ status: 404, code: 'not-found' });
      const missing = path.replaceAll(conversation, randomUUID()).replaceAll(id, randomUUID());
      const of = (problem: { detail: string }) => problem.detail;
      if (missing !== path)
        expect(
          of(await problemIn(await door.ask(missing, { method, ...sent, headers: bearer(stranger) }))),
        ).toBe(of(await problemIn(await by(bearer(stranger)))));
    }
    expect((await page(stranger, '/messages/search?q=only')).messages).toEqual([]);
    expect(await answered(await ask(bob, `/messages/${id}`), 200)).toMatchObject({
      text: 'Only for two',
      version: 1,
    });
  });

  it('finds what was said in the ledger or in a log', async () => {
    const conversation = await group(alice, bob);
    const { id } = await say(alice, conversation, 'an unspeakable jabberwock', {});
    await ask(
      alice,
      `/messages/${id}`,
      'PUT',
      { text: 'a frumious bandersnatch' },
      { 'idempotency-key': 'edit' },
    );
    await ask(alice, `/messages/conversations/${conversation}`, 'PUT', { title: 'The vorpal sword' });
    const [dump] = await door.fixture.rows<{ all: string }>(
      `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d),
         (select string_agg(a::text, '') from ledger.answer a), (select string_agg(r::text, '') from ledger.run r)) as all`,
    );
    expect(dump?.all).toContain(id);
    for (const word of ['jabberwock', 'bandersnatch', 'vorpal', bob.handle])
      expect(`${dump?.all}${door.lines.join('')}`).not.toContain(word);
  });
});
