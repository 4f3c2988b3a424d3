/** Who follows whom, who asked to, who is kept away and who is not heard of: changes, lists by keyset, and counts. */
export { blockedBetween } from './between.ts';
export { block, mute, unblock, unmute } from './block.ts';
export {
  acceptFollower,
  type FollowState,
  follow,
  type Pair,
  refuseFollower,
  unfollow,
} from './follow.ts';
export { createFollowing, type Following, type Standing } from './following.ts';
export { keyOf, type ListedPerson } from './lists.ts';
export { NEWEST, type PageKey, type PageQuery, readCursor, writeCursor } from './page.ts';
