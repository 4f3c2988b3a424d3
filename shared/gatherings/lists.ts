import { gatheringFields } from './gathering.ts';
import { visibleTo } from './visible.ts';

/** Rows that a list begins with: what somebody owns, or what he takes part in and is invited to. */
type Whose = 'own' | 'joined';

const SOURCE: Readonly<Record<Whose, string>> = {
  own: 'people.gathering g join people.account o on o.id = g.owner where g.owner = $1::uuid',
  joined: `(
      select gathering from people.participation where account = $1::uuid and state <> 'declined'
      union
      select i.gathering from people.invitation i where i.account = $1::uuid and not exists (
        select from people.participation d
        where d.gathering = i.gathering and d.account = i.account and d.state = 'declined')
    ) mine join people.gathering g on g.id = mine.gathering join people.account o on o.id = g.owner
    where g.owner <> $1::uuid`,
};

/** $1: whose; $2, $3: the window; $4, $5: what the page comes after; $6: how many; $7: who looks. */
function once(whose: Whose): string {
  return `
    select ${gatheringFields('$7')} from ${SOURCE[whose]}
      and not g.recurs and g.series is null
      and g.starts_at > $2::timestamptz - interval '367 days' and g.starts_at < $3::timestamptz
      and (g.ends_at > $2::timestamptz or g.starts_at >= $2::timestamptz)
      and (g.starts_at, g.id) > ($4::timestamptz, $5::uuid) and ${visibleTo('$7')}
    order by g.starts_at, g.id limit $6`;
}

/** $1: whose; $2, $3: the window; $4: how many; $5: who looks. Those that began last come first. */
function series(whose: Whose): string {
  return `
    select ${gatheringFields('$5')} from ${SOURCE[whose]}
      and g.recurs and g.starts_at < $3::timestamptz
      and (g.until_at is null or g.until_at > $2::timestamptz) and ${visibleTo('$5')}
    order by g.starts_at desc, g.id desc limit $4`;
}

export const LISTS = {
  own: { once: once('own'), series: series('own') },
  joined: { once: once('joined'), series: series('joined') },
} as const;

/** $1: event; $2: state; $3: the turn that the page comes after; $4: how many; $5: who looks. */
export const PARTICIPANTS = `
  select a.id, a.handle, a.name, p.state, p.turn, p.created_at as "createdAt"
  from people.participation p join people.account a on a.id = p.account
  where p.gathering = $1::uuid and p.state = $2 and p.turn > $3::bigint
    and not exists (select from people.block b where b.blocker = a.id and b.blocked = $5::uuid)
    and not exists (select from people.block b where b.blocker = $5::uuid and b.blocked = a.id)
  order by p.turn limit $4`;

/** $1: event; $2: the guest that the page comes after; $3: how many. */
export const GUESTS = `
  select a.id, a.handle, a.name, i.created_at as "createdAt",
    (select p.state from people.participation p where p.gathering = i.gathering and p.account = i.account) as state
  from people.invitation i join people.account a on a.id = i.account
  where i.gathering = $1::uuid and i.account > $2::uuid order by i.account limit $3`;
