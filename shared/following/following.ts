import { isAccountId } from '#shared/accounts';
import type { Pool } from '#shared/database';
import type { FollowState } from './follow.ts';
import { type ListedPerson, type ListName, listPeople } from './lists.ts';
import type { PageQuery } from './page.ts';

/** How somebody stands to whoever looks at him, and how many there are around him. */
export interface Standing {
  readonly private: boolean;
  readonly followers: number;
  readonly following: number;
  /** Whether the one who looks follows him. */
  readonly follow: FollowState | null;
  /** Whether he follows the one who looks. */
  readonly followsYou: boolean;
  readonly muted: boolean;
}

/** What is read of who follows whom. */
export interface Following {
  /** Undefined for nobody, and for whom the one who looks cannot see. */
  standing(request: { of: string; viewer: string }): Promise<Standing | undefined>;
  /**
   * A page, newest first. Undefined for nobody, for whom the one who looks cannot see, and for a private account that
   * he does not follow.
   */
  people(
    list: 'followers' | 'following',
    request: PageQuery & { of: string; viewer: string },
  ): Promise<readonly ListedPerson[] | undefined>;
  /** A page of one's own: also who asked, whom one blocked or muted. */
  own(list: ListName, request: PageQuery & { account: string }): Promise<readonly ListedPerson[]>;
}

export function createFollowing({ pool }: { pool: Pool }): Following {
  async function standing({ of, viewer }: { of: string; viewer: string }): Promise<Standing | undefined> {
    if (!isAccountId(of)) return undefined;
    const { rows } = await pool.query<Standing>(STANDING, [of, accountOrNull(viewer)]);
    return rows[0];
  }

  return {
    standing,
    async people(list, { of, viewer, ...page }) {
      const found = await standing({ of, viewer });
      if (found === undefined) return undefined;
      if (found.private && viewer !== of && found.follow !== 'accepted') return undefined;
      return await listPeople(pool, list, { ...page, of, viewer: accountOrNull(viewer) ?? undefined });
    },
    async own(list, { account, ...page }) {
      if (!isAccountId(account)) return [];
      return await listPeople(pool, list, { ...page, of: account, viewer: account });
    },
  };
}

/** A token that the operator made is of somebody who has no account: a stranger to all. */
function accountOrNull(viewer: string): string | null {
  return isAccountId(viewer) ? viewer : null;
}

/** $1: of whom; $2: who looks, null for a stranger. Nobody follows so many that they could not be counted. */
export const STANDING = `
  select a.private,
    coalesce((select sum(followers) from people.follower_count where account = $1), 0)::int as followers,
    (select count(*) from people.follow where follower = $1 and state = 'accepted')::int as following,
    (select state from people.follow where follower = $2::uuid and followed = $1) as follow,
    exists (select from people.follow
            where follower = $1 and followed = $2::uuid and state = 'accepted') as "followsYou",
    exists (select from people.mute where muter = $2::uuid and muted = $1) as muted
  from people.account a
  where a.id = $1
    and not exists (select from people.block where blocker = $1 and blocked = $2::uuid)
    and not exists (select from people.block where blocker = $2::uuid and blocked = $1)`;
