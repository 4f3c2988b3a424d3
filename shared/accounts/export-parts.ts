/**
 * A statement that answers a page, newest first: $1 account, ($2, $3) the time and id that it comes after, $4 how many.
 *
 * @param part `of`: the column that is the account's; `at`, `id`: what its entries are ordered by; `entry`: its fields
 */
function pageOf(part: {
  from: string;
  of: string;
  at: string;
  id: string;
  entry: Readonly<Record<string, string>>;
  and?: string;
}): string {
  const { from, of, at, id, entry, and } = part;
  const fields = Object.entries(entry).map(([name, column]) => `'${name}', ${column}`);
  return `
    select ${at} as at, ${id} as id, jsonb_build_object(${fields.join(', ')}) as entry
    from ${from} where ${of} = $1 and (${at}, ${id}) < ($2, $3)${and === undefined ? '' : ` and ${and}`}
    order by ${at} desc, ${id} desc limit $4`;
}

const follower = { of: 'f.followed', at: 'f.created_at', id: 'f.follower', entry: { user: 'f.follower' } };

/**
 * What is kept of somebody beside what stands on every page (his account, his sessions, what he wishes to be told of) and
 * beside his runs, in the order in which he takes it with him.
 *
 * A table that refers to an account stands here or in the test beside, which says why it need not.
 */
export const EXPORT_PARTS = {
  mails: pageOf({
    ...{
      from: 'people.letter l',
      of: 'l.account',
      at: "date_trunc('milliseconds', l.created_at)",
      id: 'l.id',
    },
    entry: { template: 'l.template', to: 'l.email' },
  }),
  following: pageOf({
    ...{ from: 'people.follow f', of: 'f.follower', at: 'f.created_at', id: 'f.followed' },
    entry: { user: 'f.followed', state: 'f.state' },
  }),
  followers: pageOf({ from: 'people.follow f', ...follower, and: `f.state = 'accepted'` }),
  followRequests: pageOf({ from: 'people.follow f', ...follower, and: `f.state = 'requested'` }),
  blocks: pageOf({
    ...{ from: 'people.block b', of: 'b.blocker', at: 'b.created_at', id: 'b.blocked' },
    entry: { user: 'b.blocked' },
  }),
  mutes: pageOf({
    ...{ from: 'people.mute m', of: 'm.muter', at: 'm.created_at', id: 'm.muted' },
    entry: { user: 'm.muted' },
  }),
  posts: pageOf({
    ...{ from: 'people.post p', of: 'p.author', at: 'p.created_at', id: 'p.id' },
    entry: {
      ...{ id: 'p.id', text: 'p.text', visibility: 'p.visibility', event: 'p.gathering' },
      ...{ run: 'p.run', artifact: 'p.artifact', part: 'p.part', editedAt: 'p.edited_at' },
    },
  }),
  likes: pageOf({
    ...{ from: 'people.post_like l', of: 'l.account', at: 'l.created_at', id: 'l.post' },
    entry: { post: 'l.post' },
  }),
  comments: pageOf({
    ...{ from: 'people.post_comment c', of: 'c.account', at: 'c.created_at', id: 'c.id' },
    entry: { id: 'c.id', post: 'c.post', text: 'c.text' },
  }),
  calendars: pageOf({
    ...{
      from: 'people.calendar c',
      of: 'c.owner',
      at: "date_trunc('milliseconds', c.created_at)",
      id: 'c.id',
    },
    entry: { id: 'c.id', kind: 'c.kind', name: 'c.name', url: 'c.url' },
  }),
  events: pageOf({
    ...{ from: 'people.gathering g', of: 'g.owner', at: 'g.created_at', id: 'g.id' },
    entry: {
      ...{ id: 'g.id', calendar: 'g.calendar', uid: 'g.uid', series: 'g.series' },
      ...{
        recurrenceId: 'g.recurrence_id',
        title: 'g.title',
        description: 'g.description',
        place: 'g.place',
      },
      ...{ starts: 'g.starts', ends: 'g.ends', zone: 'g.zone', rule: 'g.rule', rdates: 'g.rdates' },
      ...{ exdates: 'g.exdates', status: 'g.status', visibility: 'g.visibility', capacity: 'g.capacity' },
    },
  }),
  participations: pageOf({
    ...{ from: 'people.participation p', of: 'p.account', at: 'p.created_at', id: 'p.gathering' },
    entry: { event: 'p.gathering', state: 'p.state', remindMinutes: 'p.remind_minutes' },
  }),
  invitations: pageOf({
    ...{ from: 'people.invitation i', of: 'i.account', at: 'i.created_at', id: 'i.gathering' },
    entry: { event: 'i.gathering' },
  }),
  pictures: pageOf({
    ...{ from: 'people.picture p', of: 'p.owner', at: 'p.created_at', id: 'p.id' },
    entry: { id: 'p.id', state: 'p.state', width: 'p.width', height: 'p.height' },
  }),
  conversations: pageOf({
    from: 'people.participant p join people.conversation c on c.id = p.conversation',
    ...{ of: 'p.account', at: 'p.joined_at', id: 'p.conversation' },
    entry: { conversation: 'p.conversation', kind: 'c.kind', title: 'c.title', read: 'p.read_seq' },
  }),
  messages: pageOf({
    ...{ from: 'people.message m', of: 'm.author', at: 'm.sent_at', id: 'm.id', and: 'm.deleted_at is null' },
    entry: {
      ...{ id: 'm.id', conversation: 'm.conversation', text: 'm.text', attachments: 'm.attachments' },
      ...{ replyTo: 'm.reply_to', editedAt: 'm.edited_at' },
    },
  }),
  // By their messages, which is the order of their index: somebody may have several on one, and a page splits none of them.
  reactions: `
    select max(reacted_at) as at, message as id,
      jsonb_build_object('message', message, 'emojis', array_agg(emoji order by emoji)) as entry
    from people.reaction where account = $1 and message < $3::uuid and $2::timestamptz is not null
    group by message order by message desc limit $4`,
  notifications: pageOf({
    // By its last change: that is the order of its index.
    ...{ from: 'people.notification n', of: 'n.account', at: 'n.changed_at', id: 'n.id' },
    entry: {
      ...{ id: 'n.id', kind: 'n.kind', subject: 'n.subject', actor: 'n.actor' },
      ...{ title: 'n.title', body: 'n.body', readAt: 'people.read_at(n)' },
    },
  }),
} as const;

export type ExportPart = keyof typeof EXPORT_PARTS;
