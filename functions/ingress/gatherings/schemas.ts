import { z } from '@hono/zod-openapi';
import {
  gatheringCapacity,
  gatheringDescription,
  gatheringPlace,
  gatheringTitle,
  gatheringVisibility,
  localTime,
  remindMinutes,
  zone,
} from '#shared/gatherings';
import { picture } from '../pictures/schemas.ts';
import { listLinks } from '../request/keyset.ts';

const exampleEvent = '0193b3f0-4d5e-8000-a000-000000000010';
const exampleUser = '0193b3f0-4d5e-4000-a000-000000000001';
const alice = { id: exampleUser, handle: 'alice', name: 'Alice Liddell' };

const eventId = z.string().openapi({ format: 'uuid', description: 'Id of an event.', example: exampleEvent });
const time = (description: string, example = '2026-05-01T18:30:00') =>
  z.string().pipe(localTime).openapi({ type: 'string', maxLength: 19, description, example });
const zoneName = z
  .string()
  .pipe(zone)
  .openapi({ type: 'string', maxLength: 64, description: 'IANA name.', example: 'Europe/Paris' });

export const eventParams = z.object({ id: eventId });
export const guestParams = z.object({
  id: eventId,
  user: z.string().openapi({ format: 'uuid', description: 'Id of somebody.', example: exampleUser }),
});
export const instanceParams = z.object({
  id: eventId,
  recurrenceId: z
    .string()
    .openapi({ description: 'When the rule lets it begin, local time.', example: '2026-05-08T18:30:00' }),
});
export const pictureParams = z.object({
  id: eventId,
  picture: z.string().openapi({
    format: 'uuid',
    description: 'Id of a picture.',
    example: '0193b3f0-4d5e-8000-a000-000000000020',
  }),
});

const recurrenceBody = z
  .strictObject({
    rule: z.string().min(1).max(500).optional().openapi({
      description: 'RRULE of RFC 5545, section 3.3.10, without its name; HOURLY at most.',
      example: 'FREQ=WEEKLY;BYDAY=FR',
    }),
    dates: z.array(time('A further start.')).max(200).default([]),
    except: z.array(time('A start that is left out; a day leaves all of it out.')).max(200).default([]),
  })
  .openapi('EventRecurrence', { example: { rule: 'FREQ=WEEKLY;BYDAY=FR', dates: [], except: [] } });

export const eventBody = z
  .strictObject({
    title: z.string().pipe(gatheringTitle).openapi({ type: 'string', minLength: 1, maxLength: 200 }),
    description: z
      .string()
      .default('')
      .pipe(gatheringDescription)
      .openapi({ type: 'string', maxLength: 5_000, description: 'Plain text; lines are kept.' }),
    place: z.string().default('').pipe(gatheringPlace).openapi({ type: 'string', maxLength: 200 }),
    starts: time('Local time of `zone`, or a day for what lasts whole days.'),
    ends: time(
      'Exclusive. An hour later, or the next day, where left out.',
      '2026-05-01T21:00:00',
    ).optional(),
    zone: zoneName.optional().openapi({
      type: 'string',
      maxLength: 64,
      description:
        'IANA name; needed but for whole days. A time that a clock going forward leaves out is an hour later; one that it shows twice is the first of both.',
      example: 'Europe/Paris',
    }),
    recurrence: recurrenceBody.optional(),
    visibility: gatheringVisibility.default('public').openapi({
      description:
        'Whatever it says: what a private account makes is for its followers. Who is invited or takes part always sees it.',
    }),
    capacity: gatheringCapacity.nullable().default(null).openapi({
      description: 'Places; who asks later waits. null: no limit. Made smaller it takes no place away.',
    }),
  })
  .openapi('EventBody', {
    example: {
      title: 'Tea with the hatter',
      description: 'Bring a riddle.',
      place: 'The garden',
      starts: '2026-05-01T18:30:00',
      ends: '2026-05-01T21:00:00',
      zone: 'Europe/Paris',
      visibility: 'public',
      capacity: 10,
    },
  });

export const instanceBody = z
  .strictObject({
    status: z.enum(['scheduled', 'cancelled']).default('scheduled'),
    title: z
      .string()
      .pipe(gatheringTitle)
      .optional()
      .openapi({ type: 'string', minLength: 1, maxLength: 200 }),
    place: z.string().pipe(gatheringPlace).optional().openapi({ type: 'string', maxLength: 200 }),
    starts: time('Left out: as the rule says.', '2026-05-08T19:30:00').optional(),
    ends: time('Exclusive. Left out: it lasts as long as the event does.', '2026-05-08T21:00:00').optional(),
    zone: zoneName.optional(),
  })
  .refine(({ starts, ends }) => starts !== undefined || ends === undefined, {
    error: 'Give `starts` too.',
    path: ['starts'],
  })
  .openapi('EventInstanceBody', {
    example: { status: 'scheduled', starts: '2026-05-08T19:30:00', ends: '2026-05-08T21:00:00' },
  });

const named = z.object({ id: z.uuid(), handle: z.string(), name: z.string() });
const status = z.enum(['scheduled', 'cancelled']);
const state = z.enum(['going', 'waiting', 'maybe', 'declined']);

const yours = z
  .object({
    state,
    remindMinutes: z.int().nullable(),
    ahead: z
      .int()
      .nullable()
      .openapi({ description: 'How many wait before you; null where you do not wait.' }),
  })
  .nullable()
  .openapi({ description: 'Your answer; null: none.' });

const where = {
  title: z.string(),
  place: z.string(),
  starts: z.string(),
  ends: z.string(),
  zone: z.string().nullable(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  status,
};

export const event = z
  .object({
    id: z.uuid(),
    owner: named,
    calendar: z.uuid().nullable().openapi({ description: 'The imported calendar that it came with.' }),
    ...where,
    description: z.string(),
    allDay: z.boolean(),
    recurrence: z
      .object({ rule: z.string().nullable(), dates: z.array(z.string()), except: z.array(z.string()) })
      .nullable(),
    moved: z
      .array(z.object({ recurrenceId: z.string(), ...where }))
      .openapi({ description: 'Instances that are not as the rule says.' }),
    visibility: gatheringVisibility,
    capacity: z.int().nullable(),
    going: z.int(),
    maybe: z.int(),
    waiting: z.int(),
    yours,
    pictures: z.array(picture),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    links: z.object({ self: z.string(), participants: z.string() }),
  })
  .openapi('Event', {
    example: {
      id: exampleEvent,
      owner: alice,
      calendar: null,
      title: 'Tea with the hatter',
      place: 'The garden',
      starts: '2026-05-01T18:30:00',
      ends: '2026-05-01T21:00:00',
      zone: 'Europe/Paris',
      startsAt: '2026-05-01T16:30:00.000Z',
      endsAt: '2026-05-01T19:00:00.000Z',
      status: 'scheduled',
      description: 'Bring a riddle.',
      allDay: false,
      recurrence: null,
      moved: [],
      visibility: 'public',
      capacity: 10,
      going: 10,
      maybe: 2,
      waiting: 3,
      yours: { state: 'waiting', remindMinutes: 60, ahead: 2 },
      pictures: [],
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: '2026-01-02T03:04:05.678Z',
      links: { self: `/events/${exampleEvent}`, participants: `/events/${exampleEvent}/participants` },
    },
  });

const instance = z.object({
  event: z.uuid(),
  recurrenceId: z.string().nullable().openapi({ description: 'null of what happens once.' }),
  owner: named,
  ...where,
  allDay: z.boolean(),
  capacity: z.int().nullable(),
  going: z.int(),
  yours,
  links: z.object({ event: z.string() }),
});

export const instancePage = z.object({ events: z.array(instance), links: listLinks }).openapi('EventPage', {
  example: {
    events: [
      {
        event: exampleEvent,
        recurrenceId: null,
        owner: alice,
        title: 'Tea with the hatter',
        place: 'The garden',
        starts: '2026-05-01T18:30:00',
        ends: '2026-05-01T21:00:00',
        zone: 'Europe/Paris',
        startsAt: '2026-05-01T16:30:00.000Z',
        endsAt: '2026-05-01T19:00:00.000Z',
        status: 'scheduled',
        allDay: false,
        capacity: 10,
        going: 4,
        yours: null,
        links: { event: `/events/${exampleEvent}` },
      },
    ],
    links: { self: '/events' },
  },
});

export const participationBody = z
  .strictObject({
    state: z.enum(['going', 'maybe', 'declined']),
    remindMinutes: remindMinutes.nullable().default(60).openapi({
      description: 'A reminder so many minutes before each instance; null: none. 60 where left out.',
    }),
  })
  .openapi('ParticipationBody', { example: { state: 'going', remindMinutes: 60 } });

export const participation = z
  .object({
    state: state.openapi({
      description: '`waiting`: there is no place yet; whoever waits longest moves up when one becomes free.',
    }),
  })
  .openapi('Participation', { example: { state: 'waiting' } });

export const participantPage = z
  .object({
    participants: z.array(z.object({ ...named.shape, state, since: z.iso.datetime() })),
    links: listLinks,
  })
  .openapi('ParticipantPage', {
    example: {
      participants: [{ ...alice, state: 'going', since: '2026-01-02T03:04:05.678Z' }],
      links: { self: `/events/${exampleEvent}/participants` },
    },
  });

export const guestPage = z
  .object({
    guests: z.array(
      z.object({
        ...named.shape,
        state: state.nullable().openapi({ description: 'What he answered; null: nothing yet.' }),
        invitedAt: z.iso.datetime(),
      }),
    ),
    links: listLinks,
  })
  .openapi('GuestPage', {
    example: {
      guests: [{ ...alice, state: null, invitedAt: '2026-01-02T03:04:05.678Z' }],
      links: { self: `/events/${exampleEvent}/invitations` },
    },
  });
