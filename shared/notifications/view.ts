import { type NotificationKind, notificationKinds } from './kinds.ts';

/** A notification as it stands in the database. */
export interface NotificationRow {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly subject: string;
  /** Who did it last; null where nobody did, and where he is gone. */
  readonly actor: { readonly id: string; readonly handle: string; readonly name: string } | null;
  /** How many different people did it. */
  readonly people: number;
  readonly occasions: number;
  readonly title: string | null;
  readonly body: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly readAt: Date | null;
}

/** The columns of a {@link NotificationRow}, of `n` joined with its actor `a`. */
export const NOTIFICATION_COLUMNS = `
  n.id, n.kind, n.subject, n.people, n.occasions, n.title, n.body,
  n.created_at as "createdAt", n.changed_at as "changedAt", people.read_at(n) as "readAt",
  case when a.id is null then null
    else jsonb_build_object('id', a.id, 'handle', a.handle, 'name', a.name) end as actor`;

/** Of `n`, notifications of $1: what came into the list after all that he once read together. */
export const AFTER_READ = `(n.changed_at, n.id) > (
    select coalesce(s.read_to_at, '-infinity'), coalesce(s.read_to_id, '00000000-0000-0000-0000-000000000000')
    from (select $1::uuid as account) one left join people.notification_settings s on s.account = one.account)`;

/** One line of plain text that says what happened. */
export function sentenceOf({ kind, actor, people, occasions, title }: NotificationRow): string {
  return notificationKinds[kind].sentence({
    who: whoDid(actor?.name, people),
    people,
    occasions,
    title: title ?? '',
  });
}

/** Where one looks at what it is about. */
export function pathOf({ kind, subject }: Pick<NotificationRow, 'kind' | 'subject'>): string {
  return notificationKinds[kind].path(subject);
}

function whoDid(name: string | undefined, people: number): string {
  const who = name ?? 'Somebody';
  if (people < 2) return who;
  return people === 2 ? `${who} and one other` : `${who} and ${people - 1} others`;
}
