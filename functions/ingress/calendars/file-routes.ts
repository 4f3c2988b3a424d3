import { z } from '@hono/zod-openapi';
import { notFound } from '#shared/http';
import { defineRoute, type Route } from '../route.ts';
import type { CalendarPorts } from './calendar-routes.ts';
import { calendarFile, fileAnswer } from './file-answer.ts';
import { calendarFileParams, eventFileParams, feedParams } from './schemas.ts';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const shared = { method: 'get', tag: 'Calendars', rate: 'counted' } as const;
const headers = z.object({
  'if-none-match': z
    .string()
    .max(4_096)
    .optional()
    .openapi({ description: 'Answered 304 where it has not changed.', example: '"v1"' }),
});

/** Calendars and events as files that other programs read. */
export function calendarFileRoutes({ calendars, clock }: CalendarPorts): Route[] {
  const calendar = defineRoute({
    ...shared,
    path: '/calendars/{id}.ics',
    operationId: 'exportCalendar',
    summary: 'Take a calendar of yours as iCalendar',
    access: 'token',
    params: calendarFileParams,
    headers,
    responses: { ...calendarFile, 404: { description: 'You have no calendar of this id.' } },
    async handle({ c, principal, params, headers: { 'if-none-match': known } }) {
      const found = await calendars.find({ owner: principal.account, id: params.id });
      if (found === undefined) throw notFound('calendar');
      const entries = await calendars.entries(found);
      return fileAnswer(c, { name: found.name, entries, now: clock.now(), known });
    },
  });

  const feed = defineRoute({
    ...shared,
    path: '/calendars/feeds/{token}.ics',
    operationId: 'readCalendarFeed',
    summary: 'Read a calendar by its secret address',
    description: 'For programs that subscribe: no token but that of the address.',
    access: 'public',
    params: feedParams,
    headers,
    responses: { ...calendarFile, 404: { description: 'There is no such address, or it was ended.' } },
    async handle({ c, params: { token }, headers: { 'if-none-match': known } }) {
      const found = TOKEN.test(token) ? await calendars.byToken(token) : undefined;
      if (found === undefined) throw notFound('calendar');
      const entries = await calendars.entries(found);
      return fileAnswer(c, { name: found.name, entries, now: clock.now(), known });
    },
  });

  const event = defineRoute({
    ...shared,
    path: '/events/{id}.ics',
    operationId: 'exportEvent',
    summary: 'Take an event as iCalendar',
    description: 'With its instances that were moved or cancelled.',
    access: 'token',
    params: eventFileParams,
    headers,
    responses: { ...calendarFile, 404: { description: 'There is no event of this id that you see.' } },
    async handle({ c, principal, params: { id }, headers: { 'if-none-match': known } }) {
      const found = await calendars.gathering({ id, viewer: principal.account });
      if (found === undefined) throw notFound('event');
      return fileAnswer(c, { name: found.title, entries: found.entries, now: clock.now(), known });
    },
  });

  return [calendar, feed, event];
}
