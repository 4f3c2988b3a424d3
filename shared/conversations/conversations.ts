import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import { NEWEST, type PageKey } from '#shared/following';
import { announce } from '#shared/realtime';
import { CONVERSATION, type ConversationView, type Member } from './conversation-view.ts';
import { isFirst } from './membership.ts';
import { type MessageView, viewsOf } from './message-view.ts';
import { searchQuery } from './search-words.ts';
import { createTypingPace } from './typing-pace.ts';

/** Which way a page of messages goes: what came before a message, or after it. */
export type Beside = { readonly before: number } | { readonly after: number };

/** What is read of conversations, each time as one person sees it: what he may not see is not there. */
export interface Conversations {
  /** A page of those that he takes part in, the one with the newest message first. */
  list(
    account: string,
    page: { readonly before?: PageKey | undefined; readonly limit: number },
  ): Promise<readonly ConversationView[]>;
  /** How many messages wait for him, in all conversations together. */
  unread(account: string): Promise<number>;
  find(account: string, conversation: string): Promise<FoundConversation | undefined>;
  /** A page of messages, newest first, whichever way it goes; undefined where he does not take part. */
  messages(
    account: string,
    page: { readonly conversation: string; readonly beside: Beside; readonly limit: number },
  ): Promise<readonly MessageView[] | undefined>;
  message(account: string, message: string): Promise<MessageView | undefined>;
  /** Messages with all these words, of which the last may have only begun; newest first. */
  search(account: string, asked: SearchQuery): Promise<readonly MessageView[]>;
  /**
   * Tells the others, if they are connected, that he types; at most once a second, and not where one of two has blocked
   * the other. False where he does not take part.
   */
  typing(account: string, conversation: string): Promise<boolean>;
}

export interface FoundConversation extends ConversationView {
  /** Who is in it for longest comes first. */
  readonly people: readonly Member[];
}

export interface SearchQuery {
  readonly text: string;
  readonly before?: PageKey | undefined;
  readonly limit: number;
}

export function createConversations({ pool }: { pool: Pool }): Conversations {
  const typingPace = createTypingPace();

  async function rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return (await pool.query(text, [...values])).rows as Row[];
  }

  return {
    async list(account, { before = NEWEST, limit }) {
      if (!isAccountId(account)) return [];
      return rows<ConversationView>(LIST, [account, before.at, before.id, limit]);
    },
    async unread(account) {
      if (!isAccountId(account)) return 0;
      const [sum] = await rows<{ unread: number }>(UNREAD, [account]);
      return sum?.unread ?? 0;
    },
    async find(account, conversation) {
      if (!isAccountId(account) || !isAccountId(conversation)) return undefined;
      const [found] = await rows<FoundConversation>(FIND, [account, conversation]);
      return found;
    },
    async messages(account, { conversation, beside, limit }) {
      if (!isAccountId(account) || !isAccountId(conversation)) return undefined;
      const part = await rows(PART, [account, conversation]);
      if (part.length === 0) return undefined;
      return 'after' in beside
        ? rows<MessageView>(AFTER, [account, conversation, beside.after, limit])
        : rows<MessageView>(BEFORE, [account, conversation, beside.before, limit]);
    },
    async message(account, message) {
      if (!isAccountId(account) || !isAccountId(message)) return undefined;
      const [found] = await rows<MessageView>(MESSAGE, [account, message]);
      return found;
    },
    async search(account, { text, before = NEWEST, limit }) {
      const words = searchQuery(text);
      if (!isAccountId(account) || words === undefined) return [];
      return rows<MessageView>(SEARCH, [account, words, before.at, before.id, limit]);
    },
    async typing(account, conversation) {
      if (!isAccountId(account) || !isAccountId(conversation)) return false;
      const hearers = await rows<{ account: string; isOneself: boolean }>(TYPING, [account, conversation]);
      if (!hearers.some(({ isOneself }) => isOneself)) return false;
      const to = hearers.filter(({ isOneself }) => !isOneself).map((hearer) => hearer.account);
      if (to.length > 0 && typingPace.mayTell(`${account} ${conversation}`))
        await announce(pool, { to, type: 'typing', data: { conversation, user: account } });
      return true;
    },
  };
}

const PART = `
  select account from people.participant where account = $1::uuid and conversation = $2::uuid`;

/** Worked out for the page alone. */
export const LIST = `
  with page as materialized (
    select c.id from people.participant p join people.conversation c on c.id = p.conversation
    where p.account = $1::uuid and p.shown and (c.active_at, c.id) < ($2, $3::uuid)
    order by c.active_at desc, c.id desc limit $4::int
  )
  select ${CONVERSATION}
  from page join people.conversation c using (id)
  join people.participant p on p.conversation = c.id and p.account = $1::uuid
  order by c.active_at desc, c.id desc`;

export const UNREAD = `
  select coalesce(sum(c.last_seq - p.read_seq - p.skipped), 0)::int as unread
  from people.participant p join people.conversation c on c.id = p.conversation
  where p.account = $1::uuid and p.shown`;

export const FIND = `
  select ${CONVERSATION}, (
    select jsonb_agg(jsonb_build_object('id', a.id, 'handle', a.handle, 'name', a.name, 'read', o.read_seq,
      'isOwner', c.kind = 'group' and ${isFirst('o')}) order by o.place)
    from people.participant o join people.account a on a.id = o.account where o.conversation = c.id
  ) as people
  from people.conversation c join people.participant p on p.conversation = c.id and p.account = $1::uuid
  where c.id = $2::uuid`;

/** Messages of his conversations that came while he was in them. */
const SEEN = `people.message m
  join people.participant p on p.conversation = m.conversation and p.account = $1::uuid and m.seq > p.since_seq`;

export const BEFORE = viewsOf(
  `select m.id from ${SEEN} where m.conversation = $2::uuid and m.seq < $3::int order by m.seq desc limit $4::int`,
  'm.seq desc',
);

export const AFTER = viewsOf(
  `select m.id from ${SEEN} where m.conversation = $2::uuid and m.seq > $3::int order by m.seq limit $4::int`,
  'm.seq desc',
);

export const MESSAGE = viewsOf(`select m.id from ${SEEN} where m.id = $2::uuid`, 'm.id');

/** One look into the index for each of his conversations; a subquery of its own, so that the words alone are looked for. */
export const SEARCH = viewsOf(
  `select m.id
   from people.participant p join people.conversation c on c.id = p.conversation
   cross join lateral (
     select id, seq, sent_at from people.message
     where words @@ replace($2, '#', c.number::text)::tsquery offset 0
   ) m
   where p.account = $1::uuid and m.seq > p.since_seq and (m.sent_at, m.id) < ($3, $4::uuid)
   order by m.sent_at desc, m.id desc limit $5::int`,
  'm.sent_at desc, m.id desc',
);

/** He himself, and those who would hear it. */
export const TYPING = `
  select o.account, o.account = $1::uuid as "isOneself"
  from people.participant p
  join people.conversation c on c.id = p.conversation
  join people.participant o on o.conversation = p.conversation
  where p.account = $1::uuid and p.conversation = $2::uuid and (o.account = $1::uuid or o.shown)
    and not (c.kind = 'direct' and o.account <> $1::uuid and exists (
      select from people.block b
      where (b.blocker = $1::uuid and b.blocked = o.account) or (b.blocker = o.account and b.blocked = $1::uuid)
    ))`;
