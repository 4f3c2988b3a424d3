import { randomUUID } from 'node:crypto';
import type { Transaction } from '#shared/ledger';
import type { LedgerFixture } from '../../../test/ledger-fixture.ts';
import { within } from '../../../test/within.ts';
import { createConversations, openDirect, openGroup, sendMessage } from '../index.ts';

/** People who talk, on a real ledger. */
export function talkAt(fixture: LedgerFixture) {
  /** A transaction as a command has one, but never run again: two that wait for each other in a circle fail here. */
  const inOne = <Answer>(body: (tx: Transaction) => Promise<Answer>): Promise<Answer> =>
    within(fixture.pool, body);

  let count = 0;
  async function person(handle?: string): Promise<string> {
    count += 1;
    const id = randomUUID();
    await fixture.rows(
      `insert into people.account (id, email, handle, name, password) values ($1, $2, $3, $3, 'none')`,
      [id, `p${count}@example.org`, handle ?? `talker_${count}`],
    );
    return id;
  }

  const people = (number: number): Promise<string[]> =>
    Promise.all(Array.from({ length: number }, () => person()));

  const direct = (account: string, other: string) =>
    inOne((tx) => openDirect(tx, { id: randomUUID(), account, other }));

  async function group(account: string, members: readonly string[]): Promise<string> {
    const opened = await inOne((tx) => openGroup(tx, { id: randomUUID(), account, title: 'Group', members }));
    return opened.conversation;
  }

  const say = (
    author: string,
    conversation: string,
    text: string,
    more: { id?: string; replyTo?: string } = {},
  ) =>
    inOne((tx) =>
      sendMessage(tx, {
        ...{
          id: more.id ?? randomUUID(),
          conversation,
          author,
          text,
          replyTo: more.replyTo,
          attachments: [],
        },
      }),
    );

  const seen = createConversations({ pool: fixture.pool });

  /** All that somebody sees of a conversation, newest first. */
  const read = async (account: string, conversation: string) =>
    (await seen.messages(account, { conversation, beside: { before: 2 ** 31 - 1 }, limit: 1_000 })) ?? [];

  const unread = async (account: string, conversation: string) =>
    (await seen.find(account, conversation))?.unread;

  const block = (blocker: string, blocked: string) =>
    fixture.rows('insert into people.block (blocker, blocked) values ($1, $2)', [blocker, blocked]);

  return { within: inOne, person, people, direct, group, say, seen, read, unread, block };
}
