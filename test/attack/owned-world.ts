import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createPasswords } from '#shared/passwords';
import type { FrontDoor } from '../../functions/ingress/testing/front-door.ts';

/** What nobody else may be told. */
export const SECRET = 'The secret thing that only its owner knows';
export const MEBIBYTE = 2 ** 20;
/** The owner as one of those who registered, and where he is signed in. */
export const PERSON = randomUUID();
const SESSION = randomUUID();
/** One who registered and has nothing to do with him, one who follows him, is his guest and in his group, an admin. */
export const STRANGER = randomUUID();
export const PARTAKER = randomUUID();
export const ADMIN = randomUUID();
/** Somebody whom he talks with. */
export const MEMBER = randomUUID();
/** Who follows him, and who has asked to. */
export const FRIEND = randomUUID();
export const ASKER = randomUUID();
export const PASSWORD = 'a long and quiet evening';
const kept = createPasswords().hash(PASSWORD);
/** The key that the owner's links are signed with, and such a link. */
const MAIL_KEY = Buffer.alloc(32, 7);
const HEX = PERSON.replaceAll('-', '');
const signed = JSON.stringify(['unsubscribe', HEX, 'all']);
export const MAIL_TOKEN = `${HEX}.all.${createHmac('sha256', MAIL_KEY).update(signed).digest('base64url')}`;

/** Ids of what is the owner’s: one of each kind. */
export interface World {
  readonly pipeline: string;
  readonly delivery: string;
  readonly upload: string;
  /** An upload in three parts, of which the last has a mebibyte. */
  readonly inParts: string;
  readonly url: string;
  readonly session: string;
  readonly post: string;
  readonly comment: string;
  readonly event: string;
  readonly picture: string;
  readonly calendar: string;
  readonly feedToken: string;
  readonly conversation: string;
  readonly message: string;
  readonly notification: string;
  readonly subscription: string;
}

/** Ids of nothing. */
export const elsewhere = () => ({
  ...{ pipeline: randomUUID(), session: randomUUID(), conversation: randomUUID(), message: randomUUID() },
  ...{ notification: randomUUID(), subscription: randomUUID(), post: randomUUID() },
  ...{ event: randomUUID(), calendar: randomUUID() },
});

/** What the owner has: a run with artifacts and a dead step, and an upload whose bytes have come. */
export async function prepared(door: FrontDoor): Promise<World> {
  const pipeline = await door.start('owner', { topic: SECRET });
  const { work } = door;
  await work('keyword-fetch', {
    files: { 'video.mp4': { bytes: SECRET, type: 'video/mp4' } },
    events: [{ type: 'pipeline.keywords.fetched', data: {} }],
  });
  await work('generate-script', {
    promises: { name: 'scene', keys: ['scene-001'] },
    files: { 'script.json': { bytes: '{}', type: 'application/json' } },
    events: [
      { type: 'scene.scripted', key: 'scene-001', data: {} },
      { type: 'pipeline.script.generated', data: {} },
    ],
  });
  await work('generate-image', { files: { 'illustration.png': { bytes: SECRET, type: 'image/png' } } });
  const dead = await work('render-tts', { failure: { code: 'voice-broken', message: SECRET } });
  const opened = await door.ask('/api/v1/uploads', { as: 'owner', body: { name: 'a.md' } });
  const { id: upload, url } = (await opened.json()) as { id: string; url: string };
  const opening = { name: 'a.mp4', bytes: 33 * MEBIBYTE };
  const large = await door.ask('/api/v1/uploads', { as: 'owner', body: opening });
  const { id: inParts } = (await large.json()) as { id: string };
  const talked = { conversation: randomUUID(), message: randomUUID() };
  const posted = { post: randomUUID(), comment: randomUUID() };
  const met = { event: randomUUID(), picture: randomUUID() };
  const imported = { calendar: randomUUID(), feedToken: randomBytes(32).toString('base64url') };
  const told = { notification: randomUUID(), subscription: randomUUID() };
  return {
    pipeline,
    delivery: dead.id,
    upload,
    inParts,
    url,
    session: SESSION,
    ...talked,
    ...told,
    ...posted,
    ...met,
    ...imported,
  };
}

/** Makes what a path of people’s things asks for; commands before may have removed it. */
export async function giveFor(door: FrontDoor, path: string, world: World): Promise<void> {
  if (ofPeople(path)) await enrol(door);
  if (/^\/(users|posts|feed|events|media)/.test(path)) await enrolFriends(door, world);
  if (/^\/(events|media)/.test(path)) await meet(door, world);
  if (path.startsWith('/calendars'))
    await keepCalendar(door, world, path.includes('{token}') ? 'Open' : SECRET);
  if (path.startsWith('/messages')) await talk(door, world);
  if (path.startsWith('/notifications')) await tellOwner(door, world);
}

/** What only somebody who registered has. */
export const ofPeople = (path: string) =>
  /^\/(auth\/|users|posts|feed|events|calendars|media|messages|notifications|api\/v1\/(users|notifications\/send))/.test(
    path,
  );

/** Each may have deleted his account just now; then he is another one, of the same id. */
async function enrol(door: FrontDoor): Promise<void> {
  const everybody = [PERSON, STRANGER, PARTAKER, ADMIN];
  await door.fixture.rows('delete from people.person where id = any($1) and ended_at is not null', [
    everybody,
  ]);
  await door.fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select id, email, handle, 'Somebody', $4 from unnest($1::uuid[], $2::text[], $3::text[]) p (id, email, handle)
     on conflict do nothing`,
    [
      everybody,
      [SECRET, 'stranger@e.org', 'partaker@e.org', 'admin@e.org'],
      ['the_owner', 'a_stranger', 'a_partaker', 'an_admin'],
      await kept,
    ],
  );
  await door.fixture.rows(
    `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
     values ($1, $2, '\\x01', '\\x02', $3, now(), now(), now() + interval '1 day') on conflict do nothing`,
    [SESSION, PERSON, SECRET],
  );
}

/** He owns a group and has said something in it. */
async function talk(door: FrontDoor, world: World): Promise<void> {
  const { conversation, message } = world;
  const { rows } = door.fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     values ($1, 'member@example.org', 'a_member', 'Member', 'none') on conflict do nothing`,
    [MEMBER],
  );
  await rows(
    `insert into people.conversation (id, kind, title, last_seq) values ($1, 'group', $2, 1) on conflict do nothing`,
    [conversation, SECRET],
  );
  for (const account of [PERSON, MEMBER, PARTAKER])
    await rows(
      'insert into people.participant (conversation, account) values ($1, $2) on conflict do nothing',
      [conversation, account],
    );
  await rows(
    `insert into people.message (id, conversation, seq, author, text, words)
     select $1, id, 1, $3, $4, array_to_tsvector(array[number || ':secret']) from people.conversation where id = $2`,
    [message, conversation, PERSON, SECRET],
  );
}

/** He was told something, and has a browser that hears of it. */
async function tellOwner(door: FrontDoor, { notification, subscription }: World): Promise<void> {
  const { rows } = door.fixture;
  await rows(
    'insert into people.notification_settings (account, unsubscribe_key) values ($1, $2) on conflict do nothing',
    [PERSON, MAIL_KEY],
  );
  await rows(
    `insert into people.notification (id, account, kind, subject, title, in_app)
     values ($1, $2, 'notice', $3, $4, true)`,
    [notification, PERSON, notification, SECRET],
  );
  await rows(
    `insert into people.push_subscription (id, account, endpoint, endpoint_hash, p256dh, auth, client)
     values ($1, $2, 'https://push.example.org', sha256($3::bytea), '', '', $4)`,
    [subscription, PERSON, subscription, SECRET],
  );
}

/** Whom he knows, and what he posted for his followers. */
async function enrolFriends(door: FrontDoor, { post, comment }: World): Promise<void> {
  const { rows } = door.fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     values ($1, 'friend@e.org', 'the_friend', 'Friend', 'none'), ($2, 'asker@e.org', 'the_asker', 'Asker', 'none')
     on conflict do nothing`,
    [FRIEND, ASKER],
  );
  await rows(
    `insert into people.follow (follower, followed, state) values ($1, $3, 'accepted'), ($2, $3, 'requested'), ($4, $3, 'accepted')
     on conflict (follower, followed) do update set state = excluded.state`,
    [FRIEND, ASKER, PERSON, PARTAKER],
  );
  await rows(
    `insert into people.post (id, author, text, visibility) values ($1, $2, $3, 'followers') on conflict do nothing`,
    [post, PERSON, SECRET],
  );
  await rows(
    'insert into people.post_comment (id, post, account, text) values ($1, $2, $3, $4) on conflict do nothing',
    [comment, post, PERSON, SECRET],
  );
}

/** He meets his followers every day, and shows them a picture. */
async function meet(door: FrontDoor, { event, picture }: World): Promise<void> {
  const { rows } = door.fixture;
  await rows(
    `insert into people.gathering (id, owner, uid, title, starts, ends, zone, starts_at, ends_at, rule, visibility)
     values ($1, $2, $3, $4, '2030-05-01T10:00:00', '2030-05-01T11:00:00', 'UTC', '2030-05-01T10:00Z',
       '2030-05-01T11:00Z', 'FREQ=DAILY', 'followers') on conflict do nothing`,
    [event, PERSON, event, SECRET],
  );
  await rows(
    `insert into people.invitation (gathering, account) select $1, id from people.account where id = any($2)
     on conflict do nothing`,
    [event, [FRIEND, PARTAKER]],
  );
  await rows(
    `insert into people.participation (gathering, account, state, reminded_until)
     select $1, id, 'going', now() from people.account where id = $2 on conflict do nothing`,
    [event, PARTAKER],
  );
  await rows(
    `insert into people.picture (id, owner, state, sizes, unused_since)
     values ($1, $2, 'ready', $3::jsonb, null) on conflict do nothing`,
    [picture, PERSON, JSON.stringify([{ name: 'small', width: 3, height: 2, bytes: SECRET.length }])],
  );
  await rows(
    `insert into people.picture_use (picture, kind, used_by) values ($1, 'gathering', $2) on conflict do nothing`,
    [picture, event],
  );
  await door.artifacts.put(`pictures/${PERSON}/${picture}/small.webp`, Buffer.from(SECRET));
}

/** He imported a calendar, and gave it a secret address. */
async function keepCalendar(door: FrontDoor, { calendar, feedToken }: World, name: string): Promise<void> {
  await door.fixture.rows(
    `insert into people.calendar (id, owner, kind, name, feed_token) values ($1, $2, 'file', $3, $4)`,
    [calendar, PERSON, `${name} ${calendar}`, feedToken],
  );
}
