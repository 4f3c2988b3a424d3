/** Rows of a table that refer to somebody by one column, or to things of his. */
interface Rows {
  readonly table: string;
  readonly column: string;
  /** `forget`: the row is others' too, and stays without him. */
  readonly change: 'delete' | 'forget';
}

/** What is kept of somebody in one table, and what others hung on it. */
export interface Part extends Rows {
  /** Rows that a piece takes at most. */
  readonly most: number;
  /** Refer to the `id` of these rows; they go first, as many as there are. */
  readonly below?: readonly Rows[];
}

/** Of what hangs on a part's rows a piece takes at most so many. */
export const MOST_BELOW = 2_000;

const part = (table: string, column: string, most: number, below?: readonly Rows[]): Part => ({
  ...{ table, column, most, change: 'delete' },
  ...(below === undefined ? {} : { below }),
});
const below = (table: string, column: string): Rows => ({ table, column, change: 'delete' });

/**
 * What somebody leaves, in the order in which it goes: first what others still meet.
 *
 * A table that refers to a person stands here or in the test beside, which says why it need not.
 */
export const PARTS: readonly Part[] = [
  part('participant', 'account', 100),
  part('follow', 'followed', 5_000),
  part('follow', 'follower', 1_000),
  part('participation', 'account', 1_000),
  part('invitation', 'account', 2_000),
  part('gathering', 'owner', 100, [
    below('participation', 'gathering'),
    below('invitation', 'gathering'),
    { table: 'post', column: 'gathering', change: 'forget' },
  ]),
  part('post', 'author', 100, [
    below('post_like', 'post'),
    below('post_comment', 'post'),
    below('mention', 'post'),
  ]),
  part('post_like', 'account', 2_000),
  part('post_comment', 'account', 1_000),
  part('mention', 'account', 2_000),
  // Its words stand in an index of their own, which every change of a row costs.
  { table: 'message', column: 'author', change: 'forget', most: 500 },
  part('reaction', 'account', 2_000),
  part('notification', 'account', 200, [below('notification_actor', 'notification')]),
  { table: 'notification', column: 'actor', change: 'forget', most: 1_000 },
  part('notification_actor', 'actor', 2_000),
  part('mailing', 'account', 1_000),
  part('notified', 'account', 5_000),
  part('heard', 'account', 5_000),
  part('block', 'blocker', 5_000),
  part('block', 'blocked', 5_000),
  part('mute', 'muter', 5_000),
  part('mute', 'muted', 5_000),
  part('picture', 'owner', 500),
];
