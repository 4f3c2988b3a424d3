import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notificationKinds } from '#shared/notifications';
import { createPasswords } from '#shared/passwords';
import { openFrontDoor } from '../../functions/ingress/testing/front-door.ts';

/**
 * Every route and who may use it, written by hand and not read from the code: what is asked for is always the
 * owner's. A route that is mounted and not named here, or named and not mounted, fails.
 *
 * The answers to: nobody, nobody with the owner's session cookie, another owner, the owner, an admin.
 */
type Expected = readonly [nobody: number, cookie: number, other: number, owner: number, admin: number];
const anybody: Expected = [200, 200, 200, 200, 200];
const ownersOnly: Expected = [401, 200, 404, 200, 404];
/** What changes things takes no cookie, so no other site's form can do it. */
const ownersAct: Expected = [401, 401, 404, 202, 404];
/** Each begins something of his own. */
const eachForHimself: Expected = [401, 401, 202, 202, 202];

const expected: Readonly<Record<string, Expected>> = {
  'POST /api/pipelines': eachForHimself,
  'GET /api/pipelines': [401, 200, 200, 200, 200],
  'GET /api/pipelines/{id}': ownersOnly,
  'GET /api/pipelines/{id}/steps/{step}': ownersOnly,
  'POST /api/pipelines/{id}/cancel': ownersAct,
  'DELETE /api/pipelines/{id}': ownersAct,
  'GET /api/pipelines/{id}/events': ownersOnly,
  'GET /api/pipelines/{id}/artifacts/{name}': ownersOnly,
  'GET /api/pipelines/{id}/artifacts/{part}/{name}': ownersOnly,
  // The owner is told that it is still going on.
  'POST /api/pipelines/{id}/replay': [401, 401, 404, 409, 404],
  'GET /api/pipelines/{id}/why': ownersOnly,
  'GET /videos/progress/{id}': ownersOnly,
  'POST /keywords/fetch': eachForHimself,
  'POST /scripts/generate': eachForHimself,
  'POST /tts/render': eachForHimself,
  'POST /thumbnails/generate': eachForHimself,
  // These name what somebody owns: to all others it does not exist.
  'POST /videos/assemble': [401, 401, 400, 202, 400],
  'POST /metadata/generate': [401, 401, 404, 409, 404],
  'GET /tts/voices': [401, 200, 200, 200, 200],
  'GET /tts/voices/{voice}/sample': [401, 200, 200, 200, 200],
  'POST /api/v1/uploads': [401, 401, 201, 201, 201],
  'PUT /api/v1/uploads/{upload}/bytes': [401, 401, 404, 204, 404],
  'PUT /api/v1/uploads/{upload}/parts/{part}': [401, 401, 404, 204, 404],
  'GET /api/v1/uploads/{upload}': ownersOnly,
  'POST /api/v1/uploads/{upload}/complete': [401, 401, 404, 200, 404],
  'DELETE /api/v1/uploads/{upload}': [401, 401, 404, 204, 404],
  'POST /api/videos/upload': [401, 401, 201, 201, 201],
  // For the store itself, with a role of its own.
  'POST /api/v1/inbox/notices': [401, 401, 403, 403, 204],
  'POST /orchestrator/start': eachForHimself,
  'GET /orchestrator/status/{id}': ownersOnly,
  'POST /orchestrator/retry/{id}/{step}': ownersAct,
  // An admin sees and mends everybody's dead letters, and nothing else of theirs.
  'GET /api/deliveries': [401, 200, 200, 200, 200],
  'POST /api/deliveries/retry': [401, 401, 200, 200, 200],
  'POST /api/deliveries/{delivery}/retry': [401, 401, 404, 202, 202],
  'GET /api/pauses': [401, 403, 403, 403, 200],
  'POST /api/pauses': [401, 401, 403, 403, 201],
  'DELETE /api/pauses/{name}': [401, 401, 403, 403, 204],
  'DELETE /api/account': [401, 401, 202, 202, 202],
  // Whoever asks, with whatever token: it is not looked at.
  'POST /auth/register': [201, 409, 409, 409, 409],
  'POST /auth/login': [401, 401, 401, 401, 401],
  'POST /auth/refresh': [401, 401, 401, 401, 401],
  'POST /auth/logout': [204, 204, 204, 204, 204],
  'POST /api/v1/auth/register': [201, 409, 409, 409, 409],
  'POST /api/v1/auth/login': [401, 401, 401, 401, 401],
  'POST /api/v1/auth/logout': [204, 204, 204, 204, 204],
  // A token that was never mailed; and nobody learns who has an address.
  'POST /auth/verify-email': [400, 400, 400, 400, 400],
  'POST /auth/password/forgot': [202, 202, 202, 202, 202],
  'POST /auth/password/reset': [400, 400, 400, 400, 400],
  'POST /auth/verify-email/request': [401, 401, 404, 202, 404],
  'PUT /users/me/email': [401, 401, 404, 202, 404],
  'PUT /users/me/password': [401, 401, 404, 204, 404],
  'GET /auth/sessions': [401, 200, 200, 200, 200],
  'DELETE /auth/sessions/{id}': [401, 401, 404, 204, 404],
  // Everybody who is signed in sees others; a token that the operator made is of nobody who registered.
  'GET /users/me': [401, 404, 404, 200, 404],
  'PUT /users/me': [401, 401, 404, 200, 404],
  'GET /api/v1/users/profile': [401, 404, 404, 200, 404],
  'PUT /api/v1/users/profile': [401, 401, 404, 200, 404],
  'GET /users/me/export': [401, 404, 404, 200, 404],
  'DELETE /users/me': [401, 401, 404, 202, 404],
  'DELETE /api/v1/users/account': [401, 401, 404, 202, 404],
  'GET /users': [401, 200, 200, 200, 200],
  'GET /users/{id}': [401, 200, 200, 200, 200],
  'GET /users/{id}/followers': [401, 200, 200, 200, 200],
  'GET /users/{id}/following': [401, 200, 200, 200, 200],
  'PUT /users/{id}/follow': [401, 401, 404, 200, 404],
  'DELETE /users/{id}/follow': [401, 401, 404, 204, 404],
  'PUT /users/{id}/block': [401, 401, 404, 204, 404],
  'DELETE /users/{id}/block': [401, 401, 404, 204, 404],
  'PUT /users/{id}/mute': [401, 401, 404, 204, 404],
  'DELETE /users/{id}/mute': [401, 401, 404, 204, 404],
  // Each sees his own.
  'GET /users/me/followers': [401, 200, 200, 200, 200],
  'GET /users/me/following': [401, 200, 200, 200, 200],
  'GET /users/me/follow-requests': [401, 200, 200, 200, 200],
  'GET /users/me/blocks': [401, 200, 200, 200, 200],
  'GET /users/me/mutes': [401, 200, 200, 200, 200],
  'DELETE /users/me/followers/{id}': [401, 401, 404, 204, 404],
  'PUT /users/me/follow-requests/{id}': [401, 401, 404, 204, 404],
  'DELETE /users/me/follow-requests/{id}': [401, 401, 404, 204, 404],
  // What is asked for is for its author's followers.
  'GET /posts': [401, 200, 200, 200, 200],
  'POST /posts': [401, 401, 404, 201, 404],
  'GET /posts/{id}': [401, 404, 404, 200, 404],
  'PUT /posts/{id}': [401, 401, 404, 200, 404],
  'DELETE /posts/{id}': [401, 401, 404, 204, 404],
  'PUT /posts/{id}/like': [401, 401, 404, 204, 404],
  'DELETE /posts/{id}/like': [401, 401, 404, 204, 404],
  'GET /posts/{id}/likes': [401, 404, 404, 200, 404],
  'GET /posts/{id}/comments': [401, 404, 404, 200, 404],
  'POST /posts/{id}/comments': [401, 401, 404, 201, 404],
  'DELETE /posts/{id}/comments/{comment}': [401, 401, 404, 204, 404],
  'GET /feed': [401, 200, 200, 200, 200],
  // An event for its owner's followers, and a picture of his.
  'POST /calendars/import': [401, 401, 404, 201, 404],
  'GET /calendars': [401, 200, 200, 200, 200],
  'GET /calendars/{id}': [401, 404, 404, 200, 404],
  'GET /calendars/{id}.ics': [401, 404, 404, 200, 404],
  'DELETE /calendars/{id}': [401, 401, 404, 204, 404],
  'POST /calendars/{id}/feed': [401, 401, 404, 200, 404],
  'DELETE /calendars/{id}/feed': [401, 401, 404, 204, 404],
  // Whoever has its secret address.
  'GET /calendars/feeds/{token}.ics': anybody,
  'GET /events/{id}.ics': [401, 404, 404, 200, 404],
  'GET /events': [401, 200, 200, 200, 200],
  'POST /events': [401, 401, 404, 201, 404],
  'GET /events/{id}': [401, 404, 404, 200, 404],
  'PUT /events/{id}': [401, 401, 404, 200, 404],
  'DELETE /events/{id}': [401, 401, 404, 204, 404],
  'POST /events/{id}/cancel': [401, 401, 404, 200, 404],
  'PUT /events/{id}/instances/{recurrenceId}': [401, 401, 404, 200, 404],
  'PUT /events/{id}/participation': [401, 401, 404, 200, 404],
  'DELETE /events/{id}/participation': [401, 401, 404, 204, 404],
  'GET /events/{id}/participants': [401, 404, 404, 200, 404],
  'GET /events/{id}/invitations': [401, 404, 404, 200, 404],
  'PUT /events/{id}/invitations/{user}': [401, 401, 404, 204, 404],
  'DELETE /events/{id}/invitations/{user}': [401, 401, 404, 204, 404],
  'POST /events/{id}/media': [401, 401, 404, 202, 404],
  'DELETE /events/{id}/media/{picture}': [401, 401, 404, 204, 404],
  'POST /media': [401, 401, 404, 202, 404],
  'GET /media/{picture}': [401, 404, 404, 200, 404],
  'DELETE /media/{picture}': [401, 401, 404, 204, 404],
  'GET /media/{picture}/{size}': [401, 404, 404, 200, 404],
  'GET /api/v1/stream': [401, 200, 200, 200, 200],
  'POST /api/v1/stream/tickets': [401, 401, 201, 201, 201],
  // No handshake: nobody gets further.
  'GET /ws/notifications': [426, 426, 426, 426, 426],
  // Those who take part: one's own lists are there for all; what is said is there for nobody else, an admin neither.
  'GET /messages/conversations': [401, 200, 200, 200, 200],
  'POST /messages/conversations': [401, 401, 404, 201, 404],
  'GET /messages/conversations/{id}': [401, 404, 404, 200, 404],
  'PUT /messages/conversations/{id}': [401, 401, 404, 200, 404],
  'PUT /messages/conversations/{id}/members/{user}': [401, 401, 404, 204, 404],
  'DELETE /messages/conversations/{id}/members/{user}': [401, 401, 404, 204, 404],
  'PUT /messages/conversations/{id}/read': [401, 401, 404, 200, 404],
  'POST /messages/conversations/{id}/typing': [401, 401, 404, 204, 404],
  'GET /messages': [401, 404, 404, 200, 404],
  'POST /messages': [401, 401, 404, 201, 404],
  'GET /messages/search': [401, 200, 200, 200, 200],
  'GET /messages/{id}': [401, 404, 404, 200, 404],
  'PUT /messages/{id}': [401, 401, 404, 200, 404],
  'DELETE /messages/{id}': [401, 401, 404, 204, 404],
  'PUT /messages/{id}/reactions/{emoji}': [401, 401, 404, 204, 404],
  'DELETE /messages/{id}/reactions/{emoji}': [401, 401, 404, 204, 404],
  // One's own lists; what is there for nobody else is there for no admin either.
  'GET /notifications': [401, 200, 200, 200, 200],
  'PUT /notifications/read': [401, 401, 200, 200, 200],
  'PUT /notifications/{id}/read': [401, 401, 404, 204, 404],
  'DELETE /notifications/{id}': [401, 401, 404, 204, 404],
  'GET /notifications/preferences': [401, 404, 404, 200, 404],
  'PUT /notifications/preferences': [401, 401, 404, 200, 404],
  'GET /notifications/push/key': [401, 200, 200, 200, 200],
  'GET /notifications/push/subscriptions': [401, 200, 200, 200, 200],
  'POST /notifications/push/subscriptions': [401, 401, 404, 201, 404],
  'DELETE /notifications/push/subscriptions/{id}': [401, 401, 404, 204, 404],
  // Whoever has the owner's mail has its link.
  'GET /notifications/unsubscribe/{token}': anybody,
  'POST /notifications/unsubscribe/{token}': anybody,
  'POST /api/v1/notifications/send': [401, 401, 403, 403, 202],
  'GET /api/v1/notifications/progress/{projectId}': ownersOnly,
  'GET /api/v1/notifications/history': [401, 200, 200, 200, 200],
  'GET /health': anybody,
  'GET /ready': anybody,
  'GET /metrics': [401, 403, 403, 403, 200],
  'GET /.well-known/jwks.json': anybody,
  'GET /openapi.json': anybody,
  'GET /asyncapi.json': anybody,
  'GET /docs/events': anybody,
  'GET /docs': anybody,
  'GET /assets/{name}': anybody,
  'GET /verify-email': anybody,
  'GET /reset-password': anybody,
  // The page shows a stranger the way to sign in, and each visitor his own.
  'GET /': anybody,
  // A token that is none.
  'POST /sign-in': [400, 400, 400, 400, 400],
  'POST /sign-out': [303, 303, 303, 303, 303],
};
const whoIs = ['nobody', 'a cookie', 'another owner', 'the owner', 'an admin'] as const;
/** Where an admin is shown what others own. */
const shownToAdmins = [
  'GET /api/deliveries',
  'POST /api/deliveries/retry',
  'POST /api/deliveries/{delivery}/retry',
];

const topic = 'The secret thing that only its owner knows';
const text = 'An octopus has three hearts.';
const MEBIBYTE = 2 ** 20;
const notice = readFileSync(new URL('../../shared/notices/fixtures/aws-put.json', import.meta.url), 'utf8');
/** With all that a front door can be given, so that no route is left out. */
const door = await openFrontDoor({ inboxBucket: 'inbox' });
const { routes } = door.ingress;
const nameOf = ({ method, path }: (typeof routes)[number]) => `${method.toUpperCase()} ${path}`;
let admin = '';
let cookie = '';
/** The owner as one of those who registered, and where he is signed in. */
const PERSON = randomUUID();
const SESSION = randomUUID();
/** Somebody whom he talks with. */
const MEMBER = randomUUID();
const PASSWORD = 'a long and quiet evening';
const kept = createPasswords().hash(PASSWORD);
let person = '';
/** Who follows him, and who has asked to. */
const FRIEND = randomUUID();
const ASKER = randomUUID();
/** One for each row, made before any of them begins anything else. */
const worlds = new Map<string, World>();
beforeAll(async () => {
  admin = `Bearer ${await door.token('boss', { roles: ['admin'] })}`;
  person = `Bearer ${await door.token(PERSON)}`;
  cookie = `millrace_session=${await door.token('owner')}`;
  for (const route of routes) worlds.set(nameOf(route), await prepared());
  worlds.set('another', await prepared());
});
afterAll(() => door.close());

/** He may have deleted his account just now. */
async function enrol(): Promise<void> {
  await door.fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     values ($1, $2, 'the_owner', 'Owner', $3) on conflict do nothing`,
    [PERSON, topic, await kept],
  );
  await door.fixture.rows(
    `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
     values ($1, $2, '\\x01', '\\x02', $3, now(), now(), now() + interval '1 day') on conflict do nothing`,
    [SESSION, PERSON, topic],
  );
}

/** He owns a group and has said something in it. */
async function talk(world: World): Promise<void> {
  const { conversation, message } = world;
  const { rows } = door.fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     values ($1, 'member@example.org', 'a_member', 'Member', 'none') on conflict do nothing`,
    [MEMBER],
  );
  await rows(
    `insert into people.conversation (id, kind, title, last_seq) values ($1, 'group', $2, 1) on conflict do nothing`,
    [conversation, topic],
  );
  for (const account of [PERSON, MEMBER])
    await rows(
      'insert into people.participant (conversation, account) values ($1, $2) on conflict do nothing',
      [conversation, account],
    );
  await rows(
    `insert into people.message (id, conversation, seq, author, text, words)
     select $1, id, 1, $3, $4, array_to_tsvector(array[number || ':secret']) from people.conversation where id = $2`,
    [message, conversation, PERSON, topic],
  );
}

/** The key that the owner's links are signed with, and such a link. */
const MAIL_KEY = Buffer.alloc(32, 7);
const HEX = PERSON.replaceAll('-', '');
const signed = JSON.stringify(['unsubscribe', HEX, 'all']);
const MAIL_TOKEN = `${HEX}.all.${createHmac('sha256', MAIL_KEY).update(signed).digest('base64url')}`;

/** He was told something, and has a browser that hears of it. */
async function tellOwner({ notification, subscription }: World): Promise<void> {
  const { rows } = door.fixture;
  await rows(
    'insert into people.notification_settings (account, unsubscribe_key) values ($1, $2) on conflict do nothing',
    [PERSON, MAIL_KEY],
  );
  await rows(
    `insert into people.notification (id, account, kind, subject, title, in_app)
     values ($1, $2, 'notice', $3, $4, true)`,
    [notification, PERSON, notification, topic],
  );
  await rows(
    `insert into people.push_subscription (id, account, endpoint, endpoint_hash, p256dh, auth, client)
     values ($1, $2, 'https://push.example.org', sha256($3::bytea), '', '', $4)`,
    [subscription, PERSON, subscription, topic],
  );
}

/** Whom he knows, and what he posted for his followers. */
async function enrolFriends({ post, comment }: World): Promise<void> {
  const { rows } = door.fixture;
  await rows(
    `insert into people.account (id, email, handle, name, password)
     values ($1, 'friend@e.org', 'the_friend', 'Friend', 'none'), ($2, 'asker@e.org', 'the_asker', 'Asker', 'none')
     on conflict do nothing`,
    [FRIEND, ASKER],
  );
  await rows(
    `insert into people.follow (follower, followed, state) values ($1, $3, 'accepted'), ($2, $3, 'requested')
     on conflict (follower, followed) do update set state = excluded.state`,
    [FRIEND, ASKER, PERSON],
  );
  await rows(
    `insert into people.post (id, author, text, visibility) values ($1, $2, $3, 'followers') on conflict do nothing`,
    [post, PERSON, topic],
  );
  await rows(
    'insert into people.post_comment (id, post, account, text) values ($1, $2, $3, $4) on conflict do nothing',
    [comment, post, PERSON, topic],
  );
}

/** He meets his followers every day, and shows them a picture. */
async function meet({ event, picture }: World): Promise<void> {
  const { rows } = door.fixture;
  await rows(
    `insert into people.gathering (id, owner, uid, title, starts, ends, zone, starts_at, ends_at, rule, visibility)
     values ($1, $2, $3, $4, '2030-05-01T10:00:00', '2030-05-01T11:00:00', 'UTC', '2030-05-01T10:00Z',
       '2030-05-01T11:00Z', 'FREQ=DAILY', 'followers') on conflict do nothing`,
    [event, PERSON, event, topic],
  );
  await rows(
    `insert into people.invitation (gathering, account) select $1, id from people.account where id = $2
     on conflict do nothing`,
    [event, FRIEND],
  );
  await rows(
    `insert into people.picture (id, owner, state, sizes, unused_since)
     values ($1, $2, 'ready', $3::jsonb, null) on conflict do nothing`,
    [picture, PERSON, JSON.stringify([{ name: 'small', width: 3, height: 2, bytes: topic.length }])],
  );
  await rows(
    `insert into people.picture_use (picture, kind, used_by) values ($1, 'gathering', $2) on conflict do nothing`,
    [picture, event],
  );
  await door.artifacts.put(`pictures/${PERSON}/${picture}/small.webp`, Buffer.from(topic));
}

/** He imported a calendar, and gave it a secret address. */
async function keepCalendar({ calendar, feedToken }: World, name: string): Promise<void> {
  await door.fixture.rows(
    `insert into people.calendar (id, owner, kind, name, feed_token) values ($1, $2, 'file', $3, $4)`,
    [calendar, PERSON, `${name} ${calendar}`, feedToken],
  );
}

/** What the owner has: a run with artifacts and a dead step, and an upload whose bytes have come. */
async function prepared(): Promise<World> {
  const pipeline = await door.start('owner', { topic });
  const { work } = door;
  await work('keyword-fetch', {
    files: { 'video.mp4': { bytes: topic, type: 'video/mp4' } },
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
  await work('generate-image', { files: { 'illustration.png': { bytes: topic, type: 'image/png' } } });
  const dead = await work('render-tts', { failure: { code: 'voice-broken', message: topic } });
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

interface World {
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
const elsewhere = () => ({
  ...{ pipeline: randomUUID(), session: randomUUID(), conversation: randomUUID(), message: randomUUID() },
  ...{ notification: randomUUID(), subscription: randomUUID(), post: randomUUID() },
  ...{ event: randomUUID(), calendar: randomUUID() },
});

/** What only somebody who registered has. */
const ofPeople = (path: string) =>
  /^\/(auth\/|users|posts|feed|events|calendars|media|messages|notifications|api\/v1\/(users|notifications\/send))/.test(
    path,
  );

/** Whom or what of the owner's a path is about. */
function knownFor(path: string, world: World): string {
  if (path.startsWith('/posts')) return world.post;
  if (path.startsWith('/users/me/follow-requests')) return ASKER;
  return /^\/users\/(me\/|\{id\}\/(follow|block|mute)$)/.test(path) ? FRIEND : PERSON;
}

function pathFor(path: string, world: World): string {
  const values: Readonly<Record<string, string>> = {
    id: path.startsWith('/auth/sessions')
      ? world.session
      : path.startsWith('/events')
        ? world.event
        : path.startsWith('/calendars')
          ? world.calendar
          : /^\/(users|posts)/.test(path)
            ? knownFor(path, world)
            : path.startsWith('/messages/conversations')
              ? world.conversation
              : path.startsWith('/messages')
                ? world.message
                : path.startsWith('/notifications/push')
                  ? world.subscription
                  : path.startsWith('/notifications')
                    ? world.notification
                    : world.pipeline,
    token: path.startsWith('/calendars') ? world.feedToken : MAIL_TOKEN,
    projectId: world.pipeline,
    user: path.startsWith('/events') ? FRIEND : MEMBER,
    picture: world.picture,
    size: 'small',
    recurrenceId: '2030-05-02T10:00:00',
    emoji: encodeURIComponent('👍'),
    comment: world.comment,
    delivery: world.delivery,
    upload: path.endsWith('/parts/{part}') ? world.inParts : world.upload,
    step: path.startsWith('/orchestrator') ? 'render-tts' : 'keyword-fetch',
    part: path.includes('/uploads/') ? '3' : 'scene-001',
    voice: 'rms',
    name: path.includes('{part}')
      ? 'illustration.png'
      : path.startsWith('/assets')
        ? 'style.css'
        : path.startsWith('/api/pauses')
          ? 'render-tts'
          : 'video.mp4',
  };
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? name);
  if (path === '/api/deliveries/retry') return `${filled}?dryRun=1`;
  if (path === '/messages') return `${filled}?conversation=${world.conversation}`;
  if (path === '/messages/search') return `${filled}?q=secret`;
  return path === '/api/videos/upload' ? `${filled}?name=a.md` : filled;
}

function bodyFor(name: string, world: World): object | string | undefined {
  const bodies: Readonly<Record<string, object | string>> = {
    'POST /api/pipelines': { topic: 'Mine' },
    'POST /orchestrator/start': { topic: 'Mine' },
    'POST /keywords/fetch': { topic: 'Mine' },
    'POST /scripts/generate': { topic: 'Mine' },
    'POST /tts/render': { text: 'Mine is mine.' },
    'POST /thumbnails/generate': { title: 'Mine' },
    'POST /metadata/generate': { pipeline: world.pipeline },
    'POST /videos/assemble': {
      audio: `/api/pipelines/${world.pipeline}/artifacts/video.mp4`,
      pictures: [`/api/pipelines/${world.pipeline}/artifacts/scene-001/illustration.png`],
    },
    'POST /api/pipelines/{id}/replay': { from: 'keyword-fetch' },
    'POST /api/pauses': { name: 'render-tts', reason: 'A reason.' },
    'POST /api/v1/uploads': { name: 'a.md' },
    'POST /api/videos/upload': text,
    'PUT /api/v1/uploads/{upload}/bytes': text,
    'PUT /api/v1/uploads/{upload}/parts/{part}': 'a'.repeat(MEBIBYTE),
    'POST /api/v1/inbox/notices': JSON.parse(notice),
    'POST /auth/register': { email: 'one@example.org', password: 'a long evening', handle: 'one' },
    'POST /api/v1/auth/register': { email: 'two@example.org', password: 'a long evening', handle: 'two' },
    'POST /auth/login': { email: 'nobody@example.org', password: 'a long evening' },
    'POST /api/v1/auth/login': { email: 'no-one@example.org', password: 'a long evening' },
    'PUT /users/me': { handle: 'the_owner', name: 'Owner', about: '' },
    'PUT /api/v1/users/profile': { handle: 'the_owner', name: 'Owner', about: '' },
    'POST /auth/verify-email': { token: `mrl_${'A'.repeat(64)}` },
    'POST /auth/password/forgot': { email: 'nobody@example.org' },
    'POST /auth/password/reset': { token: `mrl_${'A'.repeat(64)}`, password: 'a long evening' },
    'PUT /users/me/email': { email: 'somebody@example.org', password: PASSWORD },
    'PUT /users/me/password': { password: PASSWORD, newPassword: PASSWORD },
    'DELETE /users/me': { password: PASSWORD },
    'DELETE /api/v1/users/account': { password: PASSWORD },
    'POST /posts': { text: 'Mine' },
    'PUT /posts/{id}': { text: 'Mine' },
    'POST /posts/{id}/comments': { text: 'Mine' },
    'POST /auth/refresh': { refreshToken: `mrr_${'A'.repeat(86)}` },
    'POST /auth/logout': { refreshToken: `mrr_${'A'.repeat(86)}` },
    'POST /api/v1/auth/logout': { refreshToken: `mrr_${'A'.repeat(86)}` },
    'POST /messages/conversations': { kind: 'group', title: 'Mine', members: [MEMBER] },
    'PUT /messages/conversations/{id}': { title: 'Mine' },
    'PUT /messages/conversations/{id}/read': { seq: 1 },
    'POST /messages': { conversation: world.conversation, text: 'Mine' },
    'PUT /messages/{id}': { text: 'Mine' },
    'PUT /notifications/read': { cursor: `${Date.now()}.${world.notification}` },
    'PUT /notifications/preferences': {
      preferences: Object.fromEntries(
        Object.entries(notificationKinds).map(([kind, { defaults }]) => [kind, defaults]),
      ),
    },
    'POST /notifications/push/subscriptions': {
      endpoint: 'https://push.example.org/mine',
      keys: {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
    },
    'POST /api/v1/notifications/send': { user: PERSON, title: 'A notice' },
    'POST /calendars/import': { url: 'https://example.org/mine.ics' },
    'POST /events': { title: 'Mine', starts: '2030-05-01' },
    'PUT /events/{id}': { title: 'Mine', starts: '2030-05-01' },
    'PUT /events/{id}/instances/{recurrenceId}': { status: 'cancelled' },
    'PUT /events/{id}/participation': { state: 'going' },
    'POST /events/{id}/media': text,
    'POST /media': text,
    'POST /sign-in': 'token=nonsense',
  };
  return bodies[name];
}

test('the list is that of the routes that are mounted', () => {
  expect(routes.map(nameOf).sort()).toEqual(Object.keys(expected).sort());
});

// What erases the account comes last.
const ends = ['/api/account', '/users/me', '/api/v1/users/account'];
const isEnd = ({ method, path }: (typeof routes)[number]) => method === 'delete' && ends.includes(path);
const inOrder = routes.toSorted((a, b) => Number(isEnd(a)) - Number(isEnd(b)));

describe.each(inOrder.map((route) => [nameOf(route), route] as const))('%s', (name, { method, path }) => {
  test('answers each as it should, and tells nobody else what is the owner’s', async () => {
    const wanted = expected[name] ?? [];
    let world = worlds.get(name) as World;
    if (ofPeople(path)) await enrol();
    if (/^\/(users|posts|feed|events)/.test(path)) await enrolFriends(world);
    if (/^\/(events|media)/.test(path)) await meet(world);
    if (path.startsWith('/calendars')) await keepCalendar(world, path.includes('{token}') ? 'Open' : topic);
    if (path.startsWith('/messages')) await talk(world);
    if (path.startsWith('/notifications')) await tellOwner(world);
    if (name.startsWith('POST /api/v1/uploads/'))
      await fetch(new URL(world.url, door.url), { method: 'PUT', body: text });
    if (name === 'DELETE /api/pauses/{name}')
      await door.ask('/api/pauses', {
        method: 'POST',
        headers: { authorization: admin },
        body: { name: 'render-tts', reason: 'A reason.' },
      });
    const body = bodyFor(name, world);
    const asked = async (as: Parameters<typeof door.ask>[1]) => {
      const answer = await door.ask(pathFor(path, world), {
        method: method.toUpperCase(),
        ...(body === undefined ? {} : { body }),
        ...as,
        headers: { ...(path.endsWith('/media') ? { 'content-type': 'image/png' } : {}), ...as?.headers },
      });
      // A stream of events says the first thing at once and then goes on.
      const reader = answer.body?.getReader();
      let said = '';
      for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
        said += Buffer.from(chunk.value).toString('latin1');
        if (name.endsWith('/events') && said.includes('snapshot')) break;
        if (name.endsWith('/stream') && said.includes('hello')) break;
      }
      await reader?.cancel();
      return { status: answer.status, said };
    };
    const nobody = await asked({});
    const withCookie = await asked({ headers: { cookie } });
    const other = await asked({ as: 'other' });
    const missing =
      path.includes('{id}') && path !== '/users/{id}'
        ? await door.ask(pathFor(path, { ...world, ...elsewhere() }), {
            as: 'other',
            method: method.toUpperCase(),
            ...(body === undefined ? {} : { body }),
          })
        : undefined;
    if (missing !== undefined) {
      // Not even that it exists.
      const instance = /urn:millrace:request:[\w-]+/;
      expect(other.said.replace(instance, '')).toBe((await missing.text()).replace(instance, ''));
    }
    // What an owner may do once is asked of the admin first.
    const boss = await asked({ headers: { authorization: admin } });
    if (name === 'POST /api/deliveries/{delivery}/retry') world = worlds.get('another') ?? world;
    const owner = await asked(ofPeople(path) ? { headers: { authorization: person } } : { as: 'owner' });
    const statuses = [nobody, withCookie, other, owner, boss].map(({ status }) => status);
    expect(Object.fromEntries(whoIs.map((who, at) => [who, statuses[at]]))).toEqual(
      Object.fromEntries(whoIs.map((who, at) => [who, wanted[at]])),
    );
    for (const { said } of [nobody, other, ...(shownToAdmins.includes(name) ? [] : [boss])]) {
      expect(said).not.toContain(topic);
      expect(said).not.toContain(world.upload);
      expect(said).not.toContain(world.inParts);
    }
  });
});
