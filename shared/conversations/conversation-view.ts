import type { Named } from './message-view.ts';

/** A conversation in somebody's list. */
export interface ConversationView {
  readonly id: string;
  readonly kind: 'direct' | 'group';
  /** Of a group. */
  readonly title: string | null;
  /** The other of two; null in a group, and where the account is deleted. */
  readonly with: Named | null;
  readonly members: number;
  readonly version: number;
  readonly createdAt: Date;
  readonly activeAt: Date;
  /** Number of the last message; 0: there is none. */
  readonly last: number;
  /** He has read up to this message. */
  readonly read: number;
  readonly unread: number;
  /** Null: there is none that he may see. */
  readonly lastMessage: LastMessage | null;
}

export interface LastMessage {
  readonly id: string;
  readonly seq: number;
  /** Null: the account is deleted. */
  readonly author: string | null;
  /** How it begins. */
  readonly text: string;
  /** UTC, as Postgres writes it in JSON. */
  readonly sentAt: string;
  readonly isDeleted: boolean;
}

/** Somebody who takes part. */
export interface Member extends Named {
  readonly isOwner: boolean;
  readonly read: number;
}

/** Letters of the last message in a list. */
const EXCERPT = 200;

/** Of conversations `c` and the part `p` that `$1` has in them. */
export const CONVERSATION = `
  c.id, c.kind, c.title, c.version, c.created_at as "createdAt", c.active_at as "activeAt",
  c.last_seq as last, p.read_seq as read, c.last_seq - p.read_seq - p.skipped as unread,
  (select count(*)::int from people.participant o where o.conversation = c.id) as members,
  case when c.kind = 'direct' then (
    select jsonb_build_object('id', a.id, 'handle', a.handle, 'name', a.name)
    from people.account a where a.id = case when c.first = p.account then c.second else c.first end
  ) end as with,
  case when c.last_seq > p.since_seq then (
    select jsonb_build_object('id', m.id, 'seq', m.seq,
      'author', (select a.id from people.account a where a.id = m.author), 'text', left(m.text, ${EXCERPT}),
      'sentAt', m.sent_at, 'isDeleted', m.deleted_at is not null)
    from people.message m where m.conversation = c.id and m.seq = c.last_seq
  ) end as "lastMessage"`;
