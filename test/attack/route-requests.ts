import { readFileSync } from 'node:fs';
import { notificationKinds } from '#shared/notifications';
import { ASKER, FRIEND, MAIL_TOKEN, MEBIBYTE, MEMBER, PASSWORD, PERSON, type World } from './owned-world.ts';

/** The bytes of a file. */
export const TEXT = 'An octopus has three hearts.';
const notice = readFileSync(new URL('../../shared/notices/fixtures/aws-put.json', import.meta.url), 'utf8');

/** Whom or what of the owner's a path is about. */
function knownFor(path: string, world: World): string {
  if (path.startsWith('/posts')) return world.post;
  if (path.startsWith('/users/me/follow-requests')) return ASKER;
  return /^\/users\/(me\/|\{id\}\/(follow|block|mute)$)/.test(path) ? FRIEND : PERSON;
}

/** A path of what is the owner’s. */
export function pathFor(path: string, world: World): string {
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

/** What is sent to a route, where anything is; each says that it is his own. */
export function bodyFor(name: string, world: World): object | string | undefined {
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
    'POST /api/videos/upload': TEXT,
    'PUT /api/v1/uploads/{upload}/bytes': TEXT,
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
    'POST /events/{id}/media': TEXT,
    'POST /media': TEXT,
    'POST /sign-in': 'token=nonsense',
  };
  return bodies[name];
}
