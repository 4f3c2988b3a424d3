import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { addMember, deleteMessage, editMessage, markRead, react, removeMember } from './index.ts';
import { talkAt } from './testing/talk.ts';

let fixture: LedgerFixture;
let talk: ReturnType<typeof talkAt>;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  talk = talkAt(fixture);
});
afterAll(() => fixture?.close());

/** What somebody heard so far, by its type. */
const heardBy = async (account: string): Promise<readonly string[]> =>
  (
    await fixture.rows<{ type: string }>(
      `select t.type from people.heard h join people.told t on t.id = h.told
       where h.account = $1 order by h.position`,
      [account],
    )
  ).map(({ type }) => type);

describe('whoever comes later', () => {
  it('hears and sees nothing of what was said before, not even when it is changed', async () => {
    const [alice = '', bob = '', carol = ''] = await talk.people(3);
    const conversation = await talk.group(alice, [bob]);
    const [edited, removed] = [randomUUID(), randomUUID()];
    for (const id of [edited, removed]) await talk.say(alice, conversation, 'Before', { id });
    await talk.within((tx) => addMember(tx, { account: alice, conversation, user: carol }));
    const came = await heardBy(carol);
    await talk.within((tx) =>
      editMessage(tx, { account: alice, message: edited, text: 'Still before', versions: undefined }),
    );
    await talk.within((tx) => react(tx, { account: bob, message: edited, emoji: '👍' }));
    await talk.within((tx) => deleteMessage(tx, { account: alice, message: removed }));
    expect((await heardBy(bob)).slice(-3)).toEqual(['message.edited', 'reaction.changed', 'message.deleted']);
    expect(await heardBy(carol)).toEqual(came);
    expect(await talk.seen.list(carol, { limit: 10 })).toMatchObject([
      { id: conversation, lastMessage: null, unread: 0 },
    ]);
    await talk.say(bob, conversation, 'After');
    expect(await heardBy(carol)).toEqual([...came, 'message.sent']);
    expect(await talk.seen.list(carol, { limit: 10 })).toMatchObject([
      { lastMessage: { text: 'After' }, unread: 1 },
    ]);
  });

  it('hears nothing more once he is taken out', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const conversation = await talk.group(alice, [bob]);
    await talk.within((tx) => removeMember(tx, { account: alice, conversation, user: bob }));
    await talk.say(alice, conversation, 'Without him');
    expect((await heardBy(bob)).at(-1)).toBe('conversation.left');
  });
});

describe('whoever is taken out while he sends', () => {
  it('has sent nothing', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const conversation = await talk.group(alice, [bob]);
    const sending = await talk.within(async (tx) => {
      await removeMember(tx, { account: alice, conversation, user: bob });
      const sent = talk.say(bob, conversation, 'I am still here').catch((error: unknown) => error);
      // He waits for the conversation, which is held here.
      await expect
        .poll(
          () =>
            fixture.rows(
              "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            ),
          { timeout: 20_000 },
        )
        .not.toEqual([]);
      return { sent };
    });
    expect(await sending.sent).toMatchObject({ status: 404 });
    expect(await talk.read(alice, conversation)).toEqual([]);
  });
});

describe('what all are told', () => {
  it('says of reactions how many there are, and not whether one is his who changed the message', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const conversation = await talk.group(alice, [bob]);
    const id = randomUUID();
    await talk.say(alice, conversation, 'Vote', { id });
    await talk.within((tx) => react(tx, { account: alice, message: id, emoji: '👍' }));
    await talk.within((tx) =>
      editMessage(tx, { account: alice, message: id, text: 'Vote now', versions: undefined }),
    );
    expect(
      await fixture.rows(
        "select data->'reactions' as reactions from people.told where type = 'message.edited' and data->>'id' = $1",
        [id],
      ),
    ).toEqual([{ reactions: [{ emoji: '👍', count: 1 }] }]);
  });

  it('of a message is what it says now, also where it was told before it was changed', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const conversation = await talk.group(alice, [bob]);
    const id = randomUUID();
    await talk.say(alice, conversation, 'A slip of the tongue', { id });
    await talk.within((tx) =>
      editMessage(tx, { account: alice, message: id, text: 'What I meant', versions: undefined }),
    );
    expect(
      await fixture.rows("select data->>'text' as text from people.told where data->>'id' = $1 order by id", [
        id,
      ]),
    ).toEqual([{ text: 'What I meant' }, { text: 'What I meant' }]);
  });
});

describe('a reply', () => {
  it('is to a message of the same conversation, also for who sees both', async () => {
    const [alice = '', bob = '', carol = ''] = await talk.people(3);
    const [here, there] = [await talk.group(alice, [bob]), await talk.group(alice, [carol])];
    const id = randomUUID();
    await talk.say(alice, there, 'Elsewhere', { id });
    await expect(talk.say(alice, here, 'As I said', { replyTo: id })).rejects.toMatchObject({
      code: 'reply-unknown',
    });
  });
});

describe('by two', () => {
  it('nobody deletes what the other said, not even who began', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const { conversation } = await talk.direct(alice, bob);
    const [hers, his] = [randomUUID(), randomUUID()];
    await talk.say(alice, conversation, 'Hers', { id: hers });
    await talk.say(bob, conversation, 'His', { id: his });
    for (const [account, message] of [
      [alice, his],
      [bob, hers],
    ] as const)
      await expect(talk.within((tx) => deleteMessage(tx, { account, message }))).rejects.toMatchObject({
        code: 'not-author',
      });
  });

  it('nobody leaves, or takes the other out', async () => {
    const [alice = '', bob = ''] = await talk.people(2);
    const { conversation } = await talk.direct(alice, bob);
    for (const user of [alice, bob])
      await expect(
        talk.within((tx) => removeMember(tx, { account: alice, conversation, user })),
      ).rejects.toMatchObject({ code: 'conversation-direct' });
  });
});

describe('of two whom a block keeps apart', () => {
  it.each([
    ['the one who is blocked', 0],
    ['the one who blocked', 1],
  ])('neither hears that %s has read', async (_, reads) => {
    const people = await talk.people(2);
    const [pest = '', quiet = ''] = people;
    const [reader = '', other = ''] = reads === 0 ? [pest, quiet] : [quiet, pest];
    const { conversation } = await talk.direct(other, reader);
    await talk.say(other, conversation, 'Have you read this?');
    await talk.block(quiet, pest);
    const before = await heardBy(other);
    await talk.within((tx) => markRead(tx, { account: reader, conversation, seq: 1 }));
    expect((await heardBy(reader)).at(-1)).toBe('read.marked');
    expect(await heardBy(other)).toEqual(before);
  });

  it('neither brings the other into a group', async () => {
    const [pest = '', quiet = '', friend = ''] = await talk.people(3);
    await talk.block(quiet, pest);
    for (const [owner, other] of [
      [pest, quiet],
      [quiet, pest],
    ] as const) {
      await expect(talk.group(owner, [friend, other])).rejects.toMatchObject({ code: 'member-unknown' });
      const conversation = await talk.group(owner, [friend]);
      await expect(
        talk.within((tx) => addMember(tx, { account: owner, conversation, user: other })),
      ).rejects.toMatchObject({ status: 404 });
    }
  });
});
