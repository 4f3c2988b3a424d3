import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { deleteMessage, markRead, react, withdrawReaction } from './index.ts';
import { talkAt } from './testing/talk.ts';

let fixture: LedgerFixture;
let talk: ReturnType<typeof talkAt>;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}), { max: 24 });
  talk = talkAt(fixture);
});
afterAll(() => fixture?.close());

const mark = (account: string, conversation: string, seq: number) =>
  talk.within((tx) => markRead(tx, { account, conversation, seq }));

/** Waiting messages, counted one by one from all that there are. */
async function countedUnread(account: string, conversation: string): Promise<number> {
  const [row] = await fixture.rows<{ n: number }>(
    `select count(*)::int as n from people.message m join people.participant p using (conversation)
     where m.conversation = $2 and p.account = $1 and m.seq > p.read_seq and m.deleted_at is null
       and m.author is distinct from $1`,
    [account, conversation],
  );
  return row?.n ?? -1;
}

describe('twenty who send at once', () => {
  it('are seen in the same order by all, and whoever follows the cursor meanwhile misses nothing', async () => {
    const members = await talk.people(20);
    const [owner = '', ...others] = members;
    const group = await talk.group(owner, others);
    const total = 20 * 5;
    const followed: number[] = [];
    const follow = (async () => {
      while (followed.length < total) {
        const page = await talk.seen.messages(owner, {
          ...{ conversation: group, beside: { after: followed.at(-1) ?? 0 }, limit: 7 },
        });
        followed.push(...(page ?? []).map(({ seq }) => seq).reverse());
      }
    })();
    const sent = await Promise.all(
      members.map(async (member, at) => {
        const seqs: number[] = [];
        for (let n = 0; n < 5; n += 1) seqs.push((await talk.say(member, group, `${at}: ${n}`)).seq);
        return seqs;
      }),
    );
    await follow;
    const numbers = Array.from({ length: total }, (_, n) => n + 1);
    expect(followed).toEqual(numbers);
    expect(sent.flat().sort((a, b) => a - b)).toEqual(numbers);
    // What one said later comes later.
    for (const seqs of sent) expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    const first = (await talk.read(owner, group)).map(({ id }) => id);
    for (const member of others) expect((await talk.read(member, group)).map(({ id }) => id)).toEqual(first);
    for (const member of members) expect(await talk.unread(member, group)).toBe(total - 5);
    const heard = await fixture.rows<{ seqs: number[] }>(
      `select array_agg((t.data->>'seq')::int order by h.position) as seqs
       from people.heard h join people.told t on t.id = h.told where t.type = 'message.sent' group by h.account`,
    );
    expect(heard).toHaveLength(20);
    for (const { seqs } of heard) expect(seqs).toEqual(numbers);
  }, 120_000);
});

describe('a message that is sent again', () => {
  it('is one, by five at once and later; another body or author under its id is refused', async () => {
    const [alice = '', bob = '', carol = ''] = await talk.people(3);
    const group = await talk.group(alice, [bob, carol]);
    const id = randomUUID();
    const five = await Promise.all(Array.from({ length: 5 }, () => talk.say(alice, group, 'Once', { id })));
    expect(five.map(({ isRepeated }) => isRepeated).sort()).toEqual([false, true, true, true, true]);
    expect(new Set(five.map(({ seq }) => seq))).toEqual(new Set([1]));
    expect(await talk.read(bob, group)).toHaveLength(1);
    expect(await talk.unread(bob, group)).toBe(1);
    const elsewhere = await talk.group(alice, [bob]);
    const taken = { code: 'message-id-taken' };
    await expect(talk.say(alice, group, 'Twice', { id })).rejects.toMatchObject(taken);
    await expect(talk.say(bob, group, 'Once', { id })).rejects.toMatchObject(taken);
    await expect(talk.say(alice, elsewhere, 'Once', { id })).rejects.toMatchObject(taken);
    await talk.within((tx) => deleteMessage(tx, { account: alice, message: id }));
    expect(await talk.say(alice, group, 'Once', { id })).toMatchObject({ seq: 1, isRepeated: true });
    expect(await talk.read(bob, group)).toMatchObject([{ text: '' }]);
  });

  it('to two conversations at once stands in one of them', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const groups = [await talk.group(alice, [bob]), await talk.group(alice, [bob])];
    const id = randomUUID();
    const sent = await Promise.allSettled(groups.map((group) => talk.say(alice, group, 'Where?', { id })));
    expect(sent.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const counts = await Promise.all(groups.map(async (group) => (await talk.read(bob, group)).length));
    expect(counts.sort()).toEqual([0, 1]);
    // The number that was not taken is not missing.
    for (const group of groups) await talk.say(bob, group, 'Here.');
    for (const group of groups) expect((await talk.read(bob, group)).map(({ seq }) => seq).at(-1)).toBe(1);
  });
});

describe('the conversation of two', () => {
  it('is one, however many open it at once from both sides', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const opened = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? talk.direct(alice, bob) : talk.direct(bob, alice))),
    );
    expect(new Set(opened.map(({ conversation }) => conversation)).size).toBe(1);
    expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
    const [{ conversation } = { conversation: '' }] = opened;
    expect((await talk.seen.find(alice, conversation))?.people).toHaveLength(2);
  });

  it('is seen by whom one writes to with the first message', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const { conversation } = await talk.direct(alice, bob);
    const listed = async (who: string) => (await talk.seen.list(who, { limit: 10 })).map(({ id }) => id);
    expect(await listed(alice)).toEqual([conversation]);
    expect(await listed(bob)).toEqual([]);
    await talk.say(alice, conversation, 'Hello');
    expect(await listed(bob)).toEqual([conversation]);
    expect(await talk.seen.list(bob, { limit: 10 })).toMatchObject([
      { with: { id: alice }, unread: 1, lastMessage: { text: 'Hello', author: alice } },
    ]);
    expect(await talk.seen.unread(bob)).toBe(1);
  });
});

describe('reactions', () => {
  it('stay exact in a storm: each person has each once or not', async () => {
    const members = await talk.people(12);
    const [owner = '', ...others] = members;
    const group = await talk.group(owner, others);
    const id = randomUUID();
    await talk.say(owner, group, 'Vote', { id });
    const give = (account: string, emoji: string) =>
      talk.within((tx) => react(tx, { account, message: id, emoji }));
    const take = (account: string, emoji: string) =>
      talk.within((tx) => withdrawReaction(tx, { account, message: id, emoji }));
    await Promise.all(
      members.flatMap((member, at) => [
        give(member, '👍'),
        give(member, '👍'),
        (async () => {
          await give(member, '🐇');
          if (at % 2 === 0) await take(member, '🐇');
        })(),
      ]),
    );
    const [view] = await talk.read(owner, group);
    expect(view?.reactions.toSorted((a, b) => a.count - b.count)).toEqual([
      { emoji: '🐇', count: 6, mine: false },
      { emoji: '👍', count: 12, mine: true },
    ]);
    // What each heard last is what there is.
    const last = await fixture.rows<{ emoji: string; counts: number[] }>(
      `select emoji, array_agg(distinct count) as counts from (
         select distinct on (h.account, t.data->>'emoji') t.data->>'emoji' as emoji, (t.data->>'count')::int as count
         from people.heard h join people.told t on t.id = h.told
         where t.type = 'reaction.changed' and t.data->>'message' = $1
         order by h.account, t.data->>'emoji', h.position desc
       ) heard group by emoji order by emoji`,
      [id],
    );
    expect(Object.fromEntries(last.map(({ emoji, counts }) => [emoji, counts]))).toEqual({
      '🐇': [6],
      '👍': [12],
    });
  }, 120_000);

  it('are of at most twenty kinds; more of these are taken', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const group = await talk.group(alice, [bob]);
    const id = randomUUID();
    await talk.say(alice, group, 'Vote', { id });
    const flags = [
      'DE',
      'FR',
      'IT',
      'ES',
      'PT',
      'NL',
      'BE',
      'LU',
      'AT',
      'CH',
      'PL',
      'CZ',
      'SK',
      'HU',
      'RO',
      'BG',
    ];
    const all = [...flags, 'GR', 'SE', 'FI', 'DK', 'NO'].map((country) =>
      String.fromCodePoint(...[...country].map((letter) => 0x1f1a5 + (letter.codePointAt(0) ?? 0))),
    );
    const give = (account: string, emoji: string) =>
      talk.within((tx) => react(tx, { account, message: id, emoji }));
    for (const emoji of all.slice(0, 20)) expect(await give(alice, emoji)).toBe(true);
    await expect(give(alice, all[20] ?? '')).rejects.toMatchObject({ code: 'reactions-too-many' });
    expect(await give(bob, all[3] ?? '')).toBe(true);
    expect(await give(bob, all[3] ?? '')).toBe(false);
  });
});

describe('what is unread', () => {
  it('is exact while people send, delete and read at once', async () => {
    const members = await talk.people(6);
    const [owner = '', ...others] = members;
    const group = await talk.group(owner, others);
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const [at, id] of ids.entries()) await talk.say(members[at % 6] ?? '', group, `${at}`, { id });
    await Promise.all([
      ...members.map(async (member) => {
        for (let n = 0; n < 5; n += 1) await talk.say(member, group, `more ${n}`);
      }),
      ...members.map(async (member, at) => {
        for (const seq of [3 + at, 15, 9, 22 + at, 5]) await mark(member, group, seq);
      }),
      (async () => {
        for (const id of ids.slice(5, 18))
          await talk.within((tx) => deleteMessage(tx, { account: owner, message: id }));
      })(),
    ]);
    for (const member of members)
      expect(await talk.unread(member, group)).toBe(await countedUnread(member, group));
    expect(await talk.seen.unread(owner)).toBe(await countedUnread(owner, group));
    for (const member of members) expect(await mark(member, group, 9_999)).toEqual({ read: 50, unread: 0 });
    await talk.say(owner, group, 'One more');
    expect(await talk.unread(others[0] ?? '', group)).toBe(1);
    expect(await talk.unread(owner, group)).toBe(0);
  }, 120_000);

  it('is one less for others when somebody deletes what he said, and the same for himself', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const group = await talk.group(alice, [bob]);
    const id = randomUUID();
    await talk.say(alice, group, 'Mine', { id });
    await talk.say(bob, group, 'His');
    await talk.within((tx) => deleteMessage(tx, { account: alice, message: id }));
    expect([await talk.unread(alice, group), await talk.unread(bob, group)]).toEqual([1, 0]);
  });

  it('goes only forward, whichever of twenty devices comes last', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const { conversation } = await talk.direct(alice, bob);
    for (let n = 0; n < 20; n += 1) await talk.say(alice, conversation, `${n}`);
    await Promise.all(Array.from({ length: 20 }, (_, n) => mark(bob, conversation, ((n * 7) % 20) + 1)));
    expect(await mark(bob, conversation, 4)).toEqual({ read: 20, unread: 0 });
    expect((await talk.seen.find(alice, conversation))?.people).toMatchObject([{ read: 0 }, { read: 20 }]);
    const told = await fixture.rows<{ read: number }>(
      `select (t.data->>'read')::int as read from people.heard h join people.told t on t.id = h.told
       where t.type = 'read.marked' and h.account = $1 order by h.position`,
      [alice],
    );
    expect(told.at(-1)).toEqual({ read: 20 });
    expect(told.map(({ read }) => read)).toEqual(told.map(({ read }) => read).sort((a, b) => a - b));
  });
});
