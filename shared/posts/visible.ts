/**
 * Whether somebody sees a post: SQL on `p` (people.post) and `o` (its author's account).
 *
 * What a private account posts is for its followers; where one of the two blocked the other, nobody sees anything.
 *
 * @param viewer a parameter or a column that holds an account's id, or null
 */
export function postVisibleTo(viewer: string): string {
  return `(p.author = ${viewer}::uuid or (
    ((p.visibility = 'public' and not o.private)
      or exists (select from people.follow f
        where f.follower = ${viewer}::uuid and f.followed = p.author and f.state = 'accepted'))
    and ${apart('p.author', viewer)}))`;
}

/** Neither keeps the other away. */
export function apart(one: string, other: string): string {
  return `not exists (select from people.block b where b.blocker = ${one} and b.blocked = ${other}::uuid)
    and not exists (select from people.block b where b.blocker = ${other}::uuid and b.blocked = ${one})`;
}
