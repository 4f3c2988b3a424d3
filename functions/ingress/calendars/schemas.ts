import { z } from '@hono/zod-openapi';
import { displayName } from '#shared/accounts';
import { listLinks } from '../request/keyset.ts';
import { exactlyOne } from '../schemas/exactly-one.ts';

const exampleId = '0193b3f0-4d5e-8000-a000-000000000020';
const EXAMPLE_FEED = `/calendars/feeds/${'A'.repeat(43)}.ics`;

export const calendarId = z.string().openapi({
  description: 'Id of a calendar of yours; that of your account is what you made here and take part in.',
  format: 'uuid',
  example: exampleId,
});

export const calendarParams = z.object({ id: calendarId });

/** Its route also takes what ends with `.ics`. */
const withoutEnding = (text: string): string => text.replace(/\.ics$/, '');

export const calendarFileParams = z.object({
  id: z.string().transform(withoutEnding).openapi({
    type: 'string',
    description: 'Id of a calendar of yours; that of your account is what you made here and take part in.',
    format: 'uuid',
    example: exampleId,
  }),
});

export const eventFileParams = z.object({
  id: z.string().transform(withoutEnding).openapi({
    type: 'string',
    description: 'Id of an event that you see.',
    format: 'uuid',
    example: '0193b3f0-4d5e-8000-a000-000000000010',
  }),
});

export const feedParams = z.object({
  token: z
    .string()
    .transform(withoutEnding)
    .openapi({ type: 'string', description: 'Of the secret address.', example: 'A'.repeat(43) }),
});

export const calendarName = z
  .string()
  .pipe(displayName)
  .openapi({ type: 'string', minLength: 1, maxLength: 80 });

export const importBody = z
  .strictObject({
    url: z
      .string()
      .max(2_000)
      .regex(/^(https?|webcal):\/\/\S+$/, 'Write an address that begins with https://, http:// or webcal://.')
      .optional()
      .openapi({
        description: 'Of a feed (http, https or webcal): it is looked at now, and once an hour.',
        example: 'https://example.org/team.ics',
      }),
    upload: z.uuid().optional().openapi({ description: 'Id of a finished upload of yours: a file.' }),
    name: calendarName.optional(),
  })
  .openapi('CalendarImport', {
    ...exactlyOne('url', 'upload'),
    example: { url: 'https://example.org/team.ics', name: 'Team' },
  });

export const calendar = z
  .object({
    id: z.uuid(),
    kind: z.enum(['own', 'file', 'feed']).openapi({
      description:
        '`own`: what you made here and take part in; `file`: imported; `feed`: looked at again and again.',
    }),
    name: z.string(),
    url: z.string().optional().openapi({ description: 'Of a feed.' }),
    state: z.enum(['waiting', 'good', 'failing']).openapi({ description: '`waiting`: it was not read yet.' }),
    failure: z.string().optional().openapi({ description: 'Code of why it cannot be read.' }),
    checkedAt: z.iso.datetime().optional(),
    changedAt: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
    links: z.object({
      self: z.string(),
      file: z.string().openapi({ description: 'As iCalendar.' }),
      feed: z.string().optional().openapi({
        description: 'Its secret address, for programs that subscribe: whoever has it reads it.',
      }),
    }),
  })
  .openapi('Calendar', {
    example: {
      id: exampleId,
      kind: 'feed',
      name: 'Team',
      url: 'https://example.org/team.ics',
      state: 'good',
      checkedAt: '2026-01-02T03:04:05.678Z',
      changedAt: '2026-01-02T03:04:05.678Z',
      createdAt: '2026-01-02T03:04:05.678Z',
      links: { self: `/calendars/${exampleId}`, file: `/calendars/${exampleId}.ics` },
    },
  });

export const calendarPage = z
  .object({ calendars: z.array(calendar), links: listLinks })
  .openapi('CalendarPage', { example: { calendars: [], links: { self: '/calendars' } } });

export const importedCalendar = z
  .object({
    calendar,
    added: z.int(),
    changed: z.int(),
    skipped: z
      .array(z.object({ uid: z.string(), code: z.string(), detail: z.string() }))
      .openapi({ description: 'Events that cannot be taken, and why: at most 50.' }),
  })
  .openapi('ImportedCalendar', {
    example: {
      calendar: {
        id: exampleId,
        kind: 'file',
        name: 'Team',
        state: 'good',
        createdAt: '2026-01-02T03:04:05.678Z',
        links: { self: `/calendars/${exampleId}`, file: `/calendars/${exampleId}.ics` },
      },
      added: 12,
      changed: 0,
      skipped: [],
    },
  });

export const feedAddress = z
  .object({
    path: z.string().openapi({ description: 'On this server.' }),
    url: z.string().openapi({
      format: 'uri',
      description:
        'The whole address, as calendar programs take it: `PUBLIC_URL`, else the host that you asked.',
    }),
  })
  .openapi('CalendarFeedAddress', {
    example: {
      path: EXAMPLE_FEED,
      url: `https://millrace.example.org${EXAMPLE_FEED}`,
    },
  });
