import type { Transaction } from '#shared/ledger';

/** Somebody, as he is named beside what he said. */
export interface Named {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

/** Something that goes along with a message, as it is kept. */
export type KeptAttachment =
  | { readonly kind: 'picture'; readonly picture: string }
  | {
      readonly kind: 'artifact';
      readonly pipeline: string;
      readonly name: string;
      readonly part?: string;
      /** Its media type. */
      readonly type: string;
      readonly bytes: number;
    };

export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
  /** Whether whoever reads is one of them. */
  readonly mine: boolean;
}

/** A message as one person sees it. */
export interface MessageView {
  readonly id: string;
  readonly conversation: string;
  /** 1 for the first; the next one has the next number. */
  readonly seq: number;
  /** Null: the account is deleted. */
  readonly author: Named | null;
  readonly text: string;
  readonly attachments: readonly KeptAttachment[];
  readonly mentions: readonly Named[];
  readonly replyTo: string | null;
  /** In the order in which they were first given. */
  readonly reactions: readonly ReactionCount[];
  readonly version: number;
  readonly sentAt: Date;
  readonly editedAt: Date | null;
  /** Its text, attachments and reactions are gone. */
  readonly deletedAt: Date | null;
  /** Whoever reads has blocked its author. */
  readonly isHidden: boolean;
}

const NAMED = (who: string): string =>
  `jsonb_build_object('id', ${who}.id, 'handle', ${who}.handle, 'name', ${who}.name)`;

/** What `$1` (an account) sees of messages `m`. */
const VIEW = `
  m.id, m.conversation, m.seq, m.text, m.attachments, m.reply_to as "replyTo", m.version,
  m.sent_at as "sentAt", m.edited_at as "editedAt", m.deleted_at as "deletedAt",
  (select ${NAMED('a')} from people.account a where a.id = m.author) as author,
  coalesce((
    select jsonb_agg(${NAMED('a')} order by a.handle) from people.account a where a.id = any(m.mentions)
  ), '[]') as mentions,
  exists (select from people.block b where b.blocker = $1::uuid and b.blocked = m.author) as "isHidden",
  coalesce((
    select jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.count, 'mine', r.mine) order by r.first, r.emoji)
    from (
      select emoji, count(*)::int as count, bool_or(account = $1::uuid) as mine, min(reacted_at) as first
      from people.reaction where message = m.id group by emoji
    ) r
  ), '[]') as reactions`;

/** The views of messages that a statement finds by id and time: worked out only for those of the page. */
export function viewsOf(found: string, order: string): string {
  return `with found as materialized (${found}) select ${VIEW} from found join people.message m using (id) order by ${order}`;
}

/** $2: a message, of whatever conversation. */
const ONE = viewsOf('select $2::uuid as id', 'm.id');

/** A message as somebody sees it, in a transaction that knows that he may. */
export async function viewOf(
  tx: Transaction,
  { message, viewer }: { message: string; viewer: string },
): Promise<MessageView> {
  const [view] = await tx.query<MessageView>(ONE, [viewer, message]);
  if (view === undefined) throw new Error(`The message ${message} is gone within its own transaction.`);
  return view;
}
