import { z } from 'zod';
import { defineEvent } from './define-event.ts';

const exampleGathering = '0193b3f0-4d5e-8000-a000-000000000010';
const exampleUser = '0193b3f0-4d5e-8000-a000-000000000001';
const exampleOwner = '0193b3f0-4d5e-8000-a000-000000000002';

/** Facts about what people meet for, which HTTP calls events. Ids alone: what it is called stands in one place. */
export const gatheringEvents = {
  'gathering.created': defineEvent({
    summary: 'Somebody made an event.',
    data: () => z.object({ gathering: z.uuid(), user: z.uuid() }),
    example: { gathering: exampleGathering, user: exampleOwner },
  }),
  'gathering.updated': defineEvent({
    summary: 'The owner of an event changed it.',
    data: () =>
      z.object({
        gathering: z.uuid(),
        by: z.uuid(),
        changes: z.array(z.enum(['time', 'place', 'text', 'visibility', 'capacity', 'instance'])),
      }),
    example: { gathering: exampleGathering, by: exampleOwner, changes: ['time'] },
  }),
  'gathering.cancelled': defineEvent({
    summary: 'An event does not take place.',
    data: () => z.object({ gathering: z.uuid(), by: z.uuid() }),
    example: { gathering: exampleGathering, by: exampleOwner },
  }),
  'gathering.deleted': defineEvent({
    summary: 'An event is gone, with the first thousand of those who took part.',
    data: () => z.object({ gathering: z.uuid(), by: z.uuid(), users: z.array(z.uuid()) }),
    example: { gathering: exampleGathering, by: exampleOwner, users: [exampleUser] },
  }),
  'gathering.answered': defineEvent({
    summary: 'Somebody goes to an event, waits for a place, may go, or declines.',
    data: () =>
      z.object({
        gathering: z.uuid(),
        user: z.uuid(),
        state: z.enum(['going', 'waiting', 'maybe', 'declined']),
      }),
    example: { gathering: exampleGathering, user: exampleUser, state: 'going' },
  }),
  'gathering.left': defineEvent({
    summary: 'Somebody took his answer to an event back.',
    data: () => z.object({ gathering: z.uuid(), user: z.uuid() }),
    example: { gathering: exampleGathering, user: exampleUser },
  }),
  'gathering.promoted': defineEvent({
    summary: 'Somebody who waited has a place.',
    data: () => z.object({ gathering: z.uuid(), user: z.uuid() }),
    example: { gathering: exampleGathering, user: exampleUser },
  }),
  'gathering.invited': defineEvent({
    summary: 'Somebody was invited to an event.',
    data: () => z.object({ gathering: z.uuid(), user: z.uuid(), by: z.uuid() }),
    example: { gathering: exampleGathering, user: exampleUser, by: exampleOwner },
  }),
  'gathering.reminded': defineEvent({
    summary: 'An event begins soon for somebody who wanted to be told.',
    data: () => z.object({ gathering: z.uuid(), user: z.uuid(), startsAt: z.iso.datetime() }),
    example: { gathering: exampleGathering, user: exampleUser, startsAt: '2026-03-29T07:30:00.000Z' },
  }),
};
