/** A calendar of somebody, as he sees it. */
export interface Calendar {
  /** Of his own one that of his account. */
  readonly id: string;
  readonly owner: string;
  /** `own`: what he made here and takes part in; `file`: imported; `feed`: looked at again and again. */
  readonly kind: 'own' | 'file' | 'feed';
  readonly name: string;
  /** Of a feed. */
  readonly url: string | null;
  /** `waiting`: it was not read yet. */
  readonly state: 'waiting' | 'good' | 'failing';
  /** Code of why it cannot be read. */
  readonly failure: string | null;
  readonly checkedAt: Date | null;
  readonly changedAt: Date | null;
  readonly createdAt: Date;
  /** Opens it to whoever knows it; null: nobody but its owner. */
  readonly feedToken: string | null;
}

export const CALENDAR = `
  c.id, c.owner, c.kind, c.name, c.url, c.state, c.failure, c.checked_at as "checkedAt", c.changed_at as "changedAt",
  c.created_at as "createdAt", c.feed_token as "feedToken"`;

/** $1: account. Also where nobody asked for a secret address yet. */
export const OWN = `
  select a.id, a.id as owner, 'own' as kind, a.name, null as url, 'good' as state, null as failure,
    null::timestamptz as "checkedAt", null::timestamptz as "changedAt", a.created_at as "createdAt",
    c.feed_token as "feedToken"
  from people.account a left join people.calendar c on c.id = a.id where a.id = $1`;
