import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { addMember, deleteMessage, editMessage, removeMember } from './index.ts';
import { searchQuery, wordsOf } from './search-words.ts';
import { talkAt } from './testing/talk.ts';

let fixture: LedgerFixture;
let talk: ReturnType<typeof talkAt>;
let alice = '';
let bob = '';
let carol = '';
let group = '';
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  talk = talkAt(fixture);
  [alice = '', bob = '', carol = ''] = await talk.people(3);
  group = await talk.group(alice, [bob]);
});
afterAll(() => fixture?.close());

const found = async (account: string, text: string): Promise<string[]> =>
  (await talk.seen.search(account, { text, limit: 50 })).map((message) => message.text);

describe('words', () => {
  it.each([
    ['The White RABBIT', ['the', 'white', 'rabbit']],
    ['Crème brûlée', ['creme', 'brulee']],
    ['don’t-stop foo.com a_b', ['don', 't', 'stop', 'foo', 'com', 'a', 'b']],
    ['今日は良い天気', ['今日', 'は', '良い', '天気']],
    ['สวัสดีครับ', ['สวัสดี', 'ครับ']],
    ['ﬁne １２', ['fine', '12']],
    ["'); drop -- & | ! :* <->", ['drop']],
    ['👍 … !', []],
    ['one one One', ['one']],
  ])('of %j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('are cut and bounded, whatever is sent', () => {
    expect(wordsOf('x'.repeat(4_000))).toEqual(['x'.repeat(60)]);
    expect(wordsOf('\u{20000}'.repeat(2_000)).every((word) => [...word].length <= 60)).toBe(true);
    expect(searchQuery('a b c d e f g h i j k l m')?.split('&')).toHaveLength(10);
    expect(wordsOf('\ufdfa'.repeat(4_000)).join('').isWellFormed()).toBe(true);
  });
});

describe('a search', () => {
  it('finds all words, of which the last may have only begun, without capitals and accents', async () => {
    await talk.say(alice, group, 'The white rabbit is late');
    await talk.say(bob, group, 'Une crème brûlée, s’il vous plaît');
    await talk.say(bob, group, '今日は良い天気ですね');
    for (const [text, wanted] of [
      ['RABBIT white', ['The white rabbit is late']],
      ['rab', ['The white rabbit is late']],
      ['whi rabbit', []],
      ['creme bru', ['Une crème brûlée, s’il vous plaît']],
      ['天気', ['今日は良い天気ですね']],
      ['rabbit hare', []],
    ] as const)
      expect(await found(bob, text), text).toEqual(wanted);
  });

  it('finds only what one may see: neither others’ messages, nor those before one came, nor any after one left', async () => {
    const other = await talk.group(carol, [bob]);
    await talk.say(carol, other, 'a secret walrus');
    await talk.say(alice, group, 'an early walrus');
    expect(await found(alice, 'walrus')).toEqual(['an early walrus']);
    expect(await found(bob, 'walrus')).toEqual(['an early walrus', 'a secret walrus']);
    await talk.within((tx) => addMember(tx, { account: alice, conversation: group, user: carol }));
    await talk.say(bob, group, 'a late walrus');
    expect(await found(carol, 'walrus')).toEqual(['a late walrus', 'a secret walrus']);
    await talk.within((tx) => removeMember(tx, { account: alice, conversation: group, user: carol }));
    expect(await found(carol, 'walrus')).toEqual(['a secret walrus']);
    // Whoever comes again begins anew.
    await talk.within((tx) => addMember(tx, { account: alice, conversation: group, user: carol }));
    expect(await found(carol, 'walrus')).toEqual(['a secret walrus']);
    expect(await talk.read(carol, group)).toEqual([]);
    expect(await found('operator', 'walrus')).toEqual([]);
  });

  it('knows what a message says now', async () => {
    const id = randomUUID();
    await talk.say(alice, group, 'a mock turtle', { id });
    await talk.within((tx) =>
      editMessage(tx, { account: alice, message: id, text: 'a real tortoise', versions: undefined }),
    );
    expect(await found(bob, 'turtle')).toEqual([]);
    expect(await found(bob, 'tortoise')).toEqual(['a real tortoise']);
    await talk.within((tx) => deleteMessage(tx, { account: alice, message: id }));
    expect(await found(bob, 'tortoise')).toEqual([]);
  });

  it('is given page by page, newest first, each message once', async () => {
    for (let n = 0; n < 12; n += 1) await talk.say(alice, group, `dormouse ${n}`);
    await fixture.rows(
      "update people.message set sent_at = '2026-01-01' where text like 'dormouse %' and seq % 2 = 0",
    );
    const texts: string[] = [];
    let before: { at: Date; id: string } | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await talk.seen.search(bob, { text: 'dormouse', before, limit: 5 });
      texts.push(...page.map(({ text }) => text));
      const last = page.at(-1);
      if (last === undefined) break;
      before = { at: last.sentAt, id: last.id };
    }
    expect(texts).toHaveLength(12);
    expect(new Set(texts).size).toBe(12);
  });

  it.each(["'", '\\', ':*', "' | '", '#:1', '<->', '!rabbit & (', '\u0000', '\ud800', '%_', '12:rabbit'])(
    'is not turned into another one by %j',
    async (text) => {
      await talk.say(carol, await talk.group(carol, [bob]), 'rabbit of nobody else');
      expect(await found(alice, text)).not.toContain('rabbit of nobody else');
    },
  );
});
