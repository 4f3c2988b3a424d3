import { z } from '@hono/zod-openapi';
import { aboutText, displayName, emailAddress, handle, newPassword } from '#shared/accounts';
import { subscription } from '../notifications/schemas.ts';

const exampleId = '0193b3f0-4d5e-4000-a000-000000000001';
const exampleEmail = 'alice@example.org';
const examplePassword = 'a long and quiet evening';

/** In any case, as it may be written. */
const handleSchema = {
  ...{ type: 'string' as const, minLength: 3, maxLength: 30 },
  pattern: '^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$',
};

export const registration = z
  .strictObject({
    email: z.string().pipe(emailAddress).openapi({ type: 'string', format: 'email', maxLength: 254 }),
    password: z
      .string()
      .pipe(newPassword)
      .openapi({ type: 'string', format: 'password', minLength: 10, maxLength: 200 }),
    handle: z
      .string()
      .pipe(handle)
      .openapi({
        ...handleSchema,
        description:
          'What others find you by: a letter, then letters, digits and single underscores between them. Kept in lower case.',
      }),
    name: z
      .string()
      .pipe(displayName)
      .optional()
      .openapi({ type: 'string', maxLength: 80, description: 'In any script. Left out: the handle.' }),
  })
  .openapi('Registration', {
    example: { email: exampleEmail, password: examplePassword, handle: 'alice', name: 'Alice Liddell' },
  });

export const profile = z
  .strictObject({
    handle: z.string().pipe(handle).openapi(handleSchema),
    name: z.string().pipe(displayName).openapi({ type: 'string', minLength: 1, maxLength: 80 }),
    about: z
      .string()
      .pipe(aboutText)
      .openapi({ type: 'string', maxLength: 500, description: 'Plain text; lines are kept.' }),
    private: z.boolean().optional().openapi({
      description:
        'Whoever wants to follow you asks first, and only followers see what you post. Left out: as it was.',
    }),
  })
  .openapi('Profile', {
    example: {
      handle: 'alice',
      name: 'Alice Liddell',
      about: 'I make videos about rabbits.',
      private: false,
    },
  });

/** Somebody, as others see him. */
export const person = z
  .object({
    id: z.uuid(),
    handle: z.string(),
    name: z.string(),
    about: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Person', {
    example: {
      id: exampleId,
      handle: 'alice',
      name: 'Alice Liddell',
      about: 'I make videos about rabbits.',
      createdAt: '2026-01-02T03:04:05.678Z',
    },
  });

/** Somebody, and how he stands to whoever looks. */
export const personStanding = z
  .object({
    ...person.shape,
    private: z.boolean().openapi({ description: 'Whoever wants to follow him asks first.' }),
    followers: z.int(),
    following: z.int().openapi({ description: 'How many he follows.' }),
    follow: z
      .enum(['accepted', 'requested'])
      .nullable()
      .openapi({ description: 'Whether you follow him, or asked to.' }),
    followsYou: z.boolean(),
    muted: z.boolean().openapi({ description: 'Your feed shows nothing of his.' }),
  })
  .openapi('PersonStanding', {
    example: {
      id: exampleId,
      handle: 'alice',
      name: 'Alice Liddell',
      about: 'I make videos about rabbits.',
      createdAt: '2026-01-02T03:04:05.678Z',
      private: false,
      followers: 1204,
      following: 87,
      follow: 'accepted',
      followsYou: false,
      muted: false,
    },
  });

export const personList = z
  .object({
    users: z.array(person),
    links: z.object({ self: z.string(), next: z.string().optional() }),
  })
  .openapi('People', {
    example: {
      users: [
        {
          id: exampleId,
          handle: 'alice',
          name: 'Alice Liddell',
          about: '',
          createdAt: '2026-01-02T03:04:05.678Z',
        },
      ],
      links: { self: '/users?search=ali' },
    },
  });

export const credentials = z
  .strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(200).openapi({ format: 'password' }),
  })
  .openapi('Credentials', { example: { email: exampleEmail, password: examplePassword } });

export const accountPassword = z
  .strictObject({ password: z.string().min(1).max(200).openapi({ format: 'password' }) })
  .openapi('AccountPassword', { example: { password: examplePassword } });

const exampleToken = `mrl_${'A'.repeat(64)}`;
const tokenText = z.string().min(1).max(200).openapi({ description: 'What stands behind `#` in the link.' });
const chosenPassword = z
  .string()
  .pipe(newPassword)
  .openapi({ type: 'string', format: 'password', minLength: 10, maxLength: 200 });
const oldPassword = z.string().min(1).max(200).openapi({ format: 'password' });

export const mailedToken = z
  .strictObject({ token: tokenText })
  .openapi('MailedToken', { example: { token: exampleToken } });

export const newEmail = z
  .strictObject({
    email: z.string().pipe(emailAddress).openapi({ type: 'string', format: 'email', maxLength: 254 }),
    password: oldPassword,
  })
  .openapi('NewEmail', { example: { email: 'alice@example.net', password: examplePassword } });

export const emailAlone = z
  .strictObject({ email: z.string().min(1).max(254) })
  .openapi('EmailAlone', { example: { email: exampleEmail } });

export const newPasswordForToken = z
  .strictObject({ token: tokenText, password: chosenPassword })
  .openapi('NewPasswordForToken', {
    example: { token: exampleToken, password: 'a longer and quieter evening' },
  });

export const newPasswordForOld = z
  .strictObject({ password: oldPassword, newPassword: chosenPassword })
  .openapi('NewPasswordForOld', {
    example: { password: examplePassword, newPassword: 'a longer and quieter evening' },
  });

export const shownToken = z
  .strictObject({ refreshToken: z.string().min(1).max(200) })
  .openapi('RefreshTokenShown', { example: { refreshToken: `mrr_${'A'.repeat(86)}` } });

/** Somebody, as he himself sees it. */
const exampleAccount = {
  id: exampleId,
  handle: 'alice',
  name: 'Alice Liddell',
  about: '',
  private: false,
  email: exampleEmail,
  emailVerified: true,
  roles: ['user'],
  createdAt: '2026-01-02T03:04:05.678Z',
};

export const ownAccount = z
  .object({
    id: z.uuid(),
    handle: z.string(),
    name: z.string(),
    about: z.string(),
    private: z.boolean(),
    email: z.string(),
    emailVerified: z
      .boolean()
      .openapi({ description: 'Whether the link that was mailed there was followed.' }),
    roles: z.array(z.string()),
    createdAt: z.iso.datetime(),
  })
  .openapi('OwnAccount', { example: exampleAccount });

/** Names as in RFC 6749, section 5.1, in this interface's own case. */
export const tokens = z
  .object({
    user: z.uuid(),
    session: z.uuid().openapi({ description: 'Which of your sessions this is.' }),
    tokenType: z.literal('Bearer'),
    accessToken: z.string().openapi({ description: 'For the `Authorization` header.' }),
    expiresIn: z.int().openapi({ description: 'Seconds that the access token is good for.' }),
    refreshToken: z.string().openapi({ description: 'Good once, for 30 days: for the next access token.' }),
  })
  .openapi('Tokens', {
    example: {
      user: exampleId,
      session: '0193b3f0-4d5e-4000-a000-000000000002',
      tokenType: 'Bearer',
      accessToken: 'eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl',
      expiresIn: 900,
      refreshToken: `mrr_${'A'.repeat(86)}`,
    },
  });

const exampleSession = {
  id: '0193b3f0-4d5e-4000-a000-000000000002',
  client: 'Mozilla/5.0 (X11; Linux x86_64)',
  createdAt: '2026-01-02T03:04:05.678Z',
  usedAt: '2026-01-02T05:04:05.678Z',
  expiresAt: '2026-02-01T05:04:05.678Z',
};

export const session = z
  .object({
    id: z.uuid(),
    client: z.string().openapi({ description: 'What it said of itself when it signed in.' }),
    createdAt: z.iso.datetime(),
    usedAt: z.iso.datetime().openapi({ description: 'When it last took a new access token.' }),
    expiresAt: z.iso.datetime(),
  })
  .openapi('Session', { example: exampleSession });

export const sessionList = z
  .object({ sessions: z.array(session) })
  .openapi({ example: { sessions: [exampleSession] } });

/** All that is kept of somebody. */
export const accountExport = z
  .object({
    account: ownAccount,
    sessions: z.array(session),
    notifications: z.object({
      preferences: z.record(z.string(), z.unknown()),
      subscriptions: z.array(subscription),
      links: z.object({ history: z.string() }),
    }),
    runs: z.array(
      z.object({
        id: z.string(),
        flow: z.string(),
        title: z.string(),
        labels: z.record(z.string(), z.string()),
        state: z.string(),
        createdAt: z.iso.datetime(),
        input: z.unknown().openapi({ description: 'What it began with.' }),
        links: z.object({ self: z.string() }),
      }),
    ),
    further: z
      .object({
        kind: z.string().openapi({ description: 'What these are: `posts`, `messages`, `followers` …' }),
        entries: z.array(z.looseObject({ at: z.iso.datetime() })),
      })
      .optional()
      .openapi({ description: 'On the pages after those of the runs.' }),
    links: z.object({ self: z.string(), next: z.string().optional() }),
  })
  .openapi({
    example: {
      account: exampleAccount,
      sessions: [exampleSession],
      notifications: {
        preferences: {},
        subscriptions: [],
        links: { history: '/api/v1/notifications/history' },
      },
      runs: [
        {
          id: '0193b3f0-4d5e-8000-a000-000000000000',
          flow: 'video',
          title: 'Why octopuses have three hearts',
          labels: {},
          state: 'succeeded',
          createdAt: '2026-01-02T03:04:05.678Z',
          input: { topic: 'Why octopuses have three hearts' },
          links: { self: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000' },
        },
      ],
      links: { self: '/users/me/export', next: '/users/me/export?cursor=MTI4' },
    },
  });
