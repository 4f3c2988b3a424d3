import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { expectNoErrors } from './testing/expect-no-errors.ts';
import { openFrontDoor, problemIn } from './testing/front-door.ts';
import { talkingAt } from './testing/talking.ts';

const door = await openFrontDoor();
const { arrives, ask, group, say } = talkingAt(door);
const alice = await arrives();
const bob = await arrives();
afterAll(async () => {
  expectNoErrors(door);
  await door.close();
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
