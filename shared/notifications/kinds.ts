/** When a mail of a kind is sent: at once (until there were too many), once a day with others, or never. */
export type EmailPreference = 'each' | 'digest' | 'none';

/** Where somebody wants to be told. */
export interface Channels {
  readonly inApp: boolean;
  readonly email: EmailPreference;
  readonly push: boolean;
}

interface Kind {
  /** What its preference is called, for people. */
  readonly about: string;
  readonly defaults: Channels;
  /** Where one looks at its subject. */
  readonly path: (subject: string) => string;
  /** One line of plain text. */
  readonly sentence: (said: Said) => string;
}

/** What a sentence is made of. */
export interface Said {
  /** `Alice Liddell and 12 others`. */
  readonly who: string;
  readonly people: number;
  readonly occasions: number;
  /** What an admin wrote over it. */
  readonly title: string;
}

const quiet: Channels = { inApp: true, email: 'digest', push: false };
const usual: Channels = { inApp: true, email: 'digest', push: true };
const urgent: Channels = { inApp: true, email: 'each', push: true };

const post = (id: string): string => `/posts/${id}`;
const event = (id: string): string => `/events/${id}`;
const run = (id: string): string => `/api/pipelines/${id}`;
const person = (id: string): string => `/users/${id}`;

function named(title: string, other: string): string {
  return title === '' ? other : `“${title}”`;
}

/** All that people are told of. */
export const notificationKinds = {
  followed: {
    about: 'Somebody follows you.',
    defaults: usual,
    path: () => '/users/me/followers',
    sentence: ({ who, people }) => `${who} ${people > 1 ? 'follow' : 'follows'} you.`,
  },
  'follow-requested': {
    about: 'Somebody asks to follow you.',
    defaults: urgent,
    path: () => '/users/me/follow-requests',
    sentence: ({ who, people }) => `${who} ${people > 1 ? 'ask' : 'asks'} to follow you.`,
  },
  'follow-accepted': {
    about: 'Somebody lets you follow.',
    defaults: usual,
    path: person,
    sentence: ({ who }) => `${who} lets you follow.`,
  },
  liked: {
    about: 'Somebody likes your post.',
    defaults: quiet,
    path: post,
    sentence: ({ who, people }) => `${who} ${people > 1 ? 'like' : 'likes'} your post.`,
  },
  commented: {
    about: 'Somebody comments on your post.',
    defaults: usual,
    path: post,
    sentence: ({ who }) => `${who} commented on your post.`,
  },
  mentioned: {
    about: 'Somebody names you.',
    defaults: usual,
    path: post,
    sentence: ({ who }) => `${who} mentioned you.`,
  },
  message: {
    about: 'Somebody writes to you.',
    defaults: usual,
    path: (id) => `/messages/conversations/${id}`,
    sentence: ({ who, occasions }) =>
      occasions > 1 ? `${who} sent you ${occasions} messages.` : `${who} sent you a message.`,
  },
  'group-joined': {
    about: 'Somebody brings you into a group.',
    defaults: usual,
    path: (id) => `/messages/conversations/${id}`,
    sentence: ({ who }) => `${who} brought you into a group.`,
  },
  'event-invited': {
    about: 'You are invited to an event.',
    defaults: urgent,
    path: event,
    sentence: ({ who, title }) => `${who} invites you to ${named(title, 'an event')}.`,
  },
  'event-changed': {
    about: 'An event that you take part in was changed.',
    defaults: urgent,
    path: event,
    sentence: ({ title }) => `${named(title, 'An event that you take part in')} was changed.`,
  },
  'event-cancelled': {
    about: 'An event that you take part in was cancelled.',
    defaults: urgent,
    path: event,
    sentence: ({ title }) => `${named(title, 'An event that you take part in')} was cancelled.`,
  },
  'event-promoted': {
    about: 'You moved up from a waiting list.',
    defaults: urgent,
    path: event,
    sentence: ({ title }) => `You have a place now: ${named(title, 'an event')}.`,
  },
  'event-reminder': {
    about: 'An event of yours begins soon.',
    defaults: { inApp: true, email: 'none', push: true },
    path: event,
    sentence: ({ title }) => `${named(title, 'An event that you take part in')} begins soon.`,
  },
  'run-completed': {
    about: 'What you asked for is made.',
    defaults: urgent,
    path: run,
    sentence: ({ title }) => `${named(title, 'Your video')} is ready.`,
  },
  'run-failed': {
    about: 'What you asked for could not be made.',
    defaults: urgent,
    path: run,
    sentence: ({ title }) => `${named(title, 'Your video')} could not be made.`,
  },
  notice: {
    about: 'News from whoever runs this platform.',
    defaults: urgent,
    path: () => '/notifications',
    sentence: ({ title }) => title,
  },
} as const satisfies Readonly<Record<string, Kind>>;

export type NotificationKind = keyof typeof notificationKinds;

export const kindNames = Object.keys(notificationKinds) as NotificationKind[];

export function isNotificationKind(text: string): text is NotificationKind {
  return Object.hasOwn(notificationKinds, text);
}
