/**
 * Whether somebody sees an event: SQL on `g` (people.gathering) and `o` (its owner's account).
 *
 * An owner sees his own. To others one of a private account is for its followers at most; who was invited or takes part
 * sees it whatever it is for; where one of the two blocked the other, nobody sees anything.
 *
 * @param viewer a parameter that holds an account's id, or null
 */
export function visibleTo(viewer: string): string {
  const event = 'coalesce(g.series, g.id)';
  return `(g.owner = ${viewer}::uuid or (
    (
      (g.visibility = 'public' and not o.private)
      or (g.visibility <> 'invited' and exists (select from people.follow f
        where f.follower = ${viewer}::uuid and f.followed = g.owner and f.state = 'accepted'))
      or exists (select from people.invitation i where i.gathering = ${event} and i.account = ${viewer}::uuid)
      or exists (select from people.participation p where p.gathering = ${event} and p.account = ${viewer}::uuid)
    )
    and not exists (select from people.block b where b.blocker = g.owner and b.blocked = ${viewer}::uuid)
    and not exists (select from people.block b where b.blocker = ${viewer}::uuid and b.blocked = g.owner)
  ))`;
}
