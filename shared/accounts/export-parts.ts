/**
 * What is kept of somebody beside his account, his sessions and his runs, in the order in which he takes it with him. Each
 * statement answers a page, newest first: $1 account, ($2, $3) the time and id that it comes after, $4 how many.
 *
 * A table that refers to an account stands here or in the test beside, which says why it need not.
 */
export const EXPORT_PARTS = {
  mails: `
    select l.created_at as at, l.id, jsonb_build_object('template', l.template, 'to', l.email) as entry
    from people.letter l where l.account = $1 and (l.created_at, l.id) < ($2, $3)
    order by l.created_at desc, l.id desc limit $4`,
  following: `
    select f.created_at as at, f.followed as id, jsonb_build_object('user', f.followed, 'state', f.state) as entry
    from people.follow f where f.follower = $1 and (f.created_at, f.followed) < ($2, $3)
    order by f.created_at desc, f.followed desc limit $4`,
  followers: `
    select f.created_at as at, f.follower as id, jsonb_build_object('user', f.follower) as entry
    from people.follow f where f.followed = $1 and f.state = 'accepted' and (f.created_at, f.follower) < ($2, $3)
    order by f.created_at desc, f.follower desc limit $4`,
  followRequests: `
    select f.created_at as at, f.follower as id, jsonb_build_object('user', f.follower) as entry
    from people.follow f where f.followed = $1 and f.state = 'requested' and (f.created_at, f.follower) < ($2, $3)
    order by f.created_at desc, f.follower desc limit $4`,
  blocks: `
    select b.created_at as at, b.blocked as id, jsonb_build_object('user', b.blocked) as entry
    from people.block b where b.blocker = $1 and (b.created_at, b.blocked) < ($2, $3)
    order by b.created_at desc, b.blocked desc limit $4`,
  mutes: `
    select m.created_at as at, m.muted as id, jsonb_build_object('user', m.muted) as entry
    from people.mute m where m.muter = $1 and (m.created_at, m.muted) < ($2, $3)
    order by m.created_at desc, m.muted desc limit $4`,
  posts: `
    select p.created_at as at, p.id, jsonb_build_object('id', p.id, 'text', p.text, 'visibility', p.visibility,
      'event', p.gathering, 'run', p.run, 'artifact', p.artifact, 'part', p.part, 'editedAt', p.edited_at) as entry
    from people.post p where p.author = $1 and (p.created_at, p.id) < ($2, $3)
    order by p.created_at desc, p.id desc limit $4`,
  likes: `
    select l.created_at as at, l.post as id, jsonb_build_object('post', l.post) as entry
    from people.post_like l where l.account = $1 and (l.created_at, l.post) < ($2, $3)
    order by l.created_at desc, l.post desc limit $4`,
  comments: `
    select c.created_at as at, c.id, jsonb_build_object('id', c.id, 'post', c.post, 'text', c.text) as entry
    from people.post_comment c where c.account = $1 and (c.created_at, c.id) < ($2, $3)
    order by c.created_at desc, c.id desc limit $4`,
  calendars: `
    select c.created_at as at, c.id, jsonb_build_object('id', c.id, 'kind', c.kind, 'name', c.name, 'url', c.url) as entry
    from people.calendar c where c.owner = $1 and (c.created_at, c.id) < ($2, $3)
    order by c.created_at desc, c.id desc limit $4`,
  events: `
    select g.created_at as at, g.id, jsonb_build_object('id', g.id, 'calendar', g.calendar, 'uid', g.uid,
      'series', g.series, 'recurrenceId', g.recurrence_id, 'title', g.title, 'description', g.description,
      'place', g.place, 'starts', g.starts, 'ends', g.ends, 'zone', g.zone, 'rule', g.rule, 'rdates', g.rdates,
      'exdates', g.exdates, 'status', g.status, 'visibility', g.visibility, 'capacity', g.capacity) as entry
    from people.gathering g where g.owner = $1 and (g.created_at, g.id) < ($2, $3)
    order by g.created_at desc, g.id desc limit $4`,
  participations: `
    select p.created_at as at, p.gathering as id,
      jsonb_build_object('event', p.gathering, 'state', p.state, 'remindMinutes', p.remind_minutes) as entry
    from people.participation p where p.account = $1 and (p.created_at, p.gathering) < ($2, $3)
    order by p.created_at desc, p.gathering desc limit $4`,
  invitations: `
    select i.created_at as at, i.gathering as id, jsonb_build_object('event', i.gathering) as entry
    from people.invitation i where i.account = $1 and (i.created_at, i.gathering) < ($2, $3)
    order by i.created_at desc, i.gathering desc limit $4`,
  pictures: `
    select p.created_at as at, p.id,
      jsonb_build_object('id', p.id, 'state', p.state, 'width', p.width, 'height', p.height) as entry
    from people.picture p where p.owner = $1 and (p.created_at, p.id) < ($2, $3)
    order by p.created_at desc, p.id desc limit $4`,
  conversations: `
    select p.joined_at as at, p.conversation as id,
      jsonb_build_object('conversation', p.conversation, 'kind', c.kind, 'title', c.title, 'read', p.read_seq) as entry
    from people.participant p join people.conversation c on c.id = p.conversation
    where p.account = $1 and (p.joined_at, p.conversation) < ($2, $3)
    order by p.joined_at desc, p.conversation desc limit $4`,
  messages: `
    select m.sent_at as at, m.id, jsonb_build_object('id', m.id, 'conversation', m.conversation, 'text', m.text,
      'attachments', m.attachments, 'replyTo', m.reply_to, 'editedAt', m.edited_at) as entry
    from people.message m where m.author = $1 and (m.sent_at, m.id) < ($2, $3) and m.deleted_at is null
    order by m.sent_at desc, m.id desc limit $4`,
  reactions: `
    select r.at, r.id, jsonb_build_object('message', r.id, 'emojis', r.emojis) as entry
    from (select max(reacted_at) as at, message as id, array_agg(emoji order by emoji) as emojis
      from people.reaction where account = $1 group by message) r
    where (r.at, r.id) < ($2, $3) order by r.at desc, r.id desc limit $4`,
  notifications: `
    select n.created_at as at, n.id, jsonb_build_object('id', n.id, 'kind', n.kind, 'subject', n.subject,
      'actor', n.actor, 'title', n.title, 'body', n.body, 'readAt', n.read_at) as entry
    from people.notification n where n.account = $1 and (n.created_at, n.id) < ($2, $3)
    order by n.created_at desc, n.id desc limit $4`,
} as const;

export type ExportPart = keyof typeof EXPORT_PARTS;
