import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import type { Calendar, Calendars } from '#shared/calendars';
import { NEWEST } from '#shared/following';
import type { Clock } from '#shared/function';
import { notFound } from '#shared/http';
import type { Inbox } from '#shared/inbox';
import { createSendCommand, type SendCommand } from '../accounts/send-command.ts';
import type { HttpContext, People } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { keyOfMade, linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import { calendarView, feedPath } from './calendar-view.ts';
import { calendarFileRoutes } from './file-routes.ts';
import { importRoute } from './import-route.ts';
import { calendar, calendarPage, calendarParams, feedAddress } from './schemas.ts';

/** What the routes of calendars work with. */
export interface CalendarPorts {
  readonly calendars: Calendars;
  readonly send: SendCommand;
  readonly clock: Clock;
  readonly inbox: Inbox | undefined;
}

const shared = { tag: 'Calendars', access: 'token', rate: 'counted' } as const;
const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const missing = { description: 'You have no calendar of this id.' };
const keyReused = { description: 'The Idempotency-Key came before with another request.' };

/** Calendars that come from outside, and one's own, for others to read. */
export function calendarRoutes(options: {
  people: People;
  clock: Clock;
  inbox: Inbox | undefined;
  /** How addresses of this server begin for whoever asks. */
  originOf: (c: HttpContext) => string;
}): Route[] {
  const { people, clock, inbox, originOf } = options;
  const { calendars } = people;
  const send = createSendCommand({ commands: people.commands });
  const ports = { calendars, send, clock, inbox };

  async function own(owner: string, id: string): Promise<Calendar> {
    const found = await calendars.find({ owner, id });
    if (found === undefined) throw notFound('calendar');
    return found;
  }

  const list = defineRoute({
    ...shared,
    method: 'get',
    path: '/calendars',
    operationId: 'listCalendars',
    summary: 'List your calendars',
    description: 'Those that came from outside, newest first; the first page begins with your own.',
    query: pageQuery,
    responses: { 200: { description: 'A page.', schema: calendarPage, headers: linkHeader } },
    async handle({ c, principal: { account: owner }, query: { limit, cursor } }) {
      const [mine, found] = await Promise.all([
        cursor === undefined ? calendars.find({ owner, id: owner }) : undefined,
        calendars.list({ owner, before: cursor ?? NEWEST, limit: limit + 1 }),
      ]);
      const { entries, links } = pageOf(c, { found, limit, keyOf: keyOfMade });
      const shown = mine === undefined ? entries : [mine, ...entries];
      return c.json({ calendars: shown.map(calendarView), links }, 200);
    },
  });

  const read = defineRoute({
    ...shared,
    method: 'get',
    path: '/calendars/{id}',
    operationId: 'readCalendar',
    summary: 'Read a calendar of yours',
    params: calendarParams,
    responses: { 200: { description: 'Its state.', schema: calendar }, 404: missing },
    handle: async ({ c, principal, params }) =>
      c.json(calendarView(await own(principal.account, params.id)), 200),
  });

  const remove = defineRoute({
    ...shared,
    method: 'delete',
    path: '/calendars/{id}',
    operationId: 'deleteCalendar',
    summary: 'Remove a calendar that came from outside',
    description: 'With all its events. Your own stays as long as your account.',
    params: calendarParams,
    headers,
    responses: { 204: { description: 'It is gone.' }, 404: missing, 409: keyReused },
    async handle({ c, principal, params: { id }, headers: given }) {
      if (!isAccountId(id)) throw notFound('calendar');
      await send({
        ...{ c, type: 'calendar.delete', data: { calendar: id }, principal, reply: z.undefined() },
        idempotencyKey: given['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  const share = defineRoute({
    ...shared,
    method: 'post',
    path: '/calendars/{id}/feed',
    operationId: 'shareCalendar',
    summary: 'Give a calendar a secret address',
    description:
      'For programs that subscribe: whoever has it reads the calendar. One that it has already stays; end it first to have another.',
    params: calendarParams,
    headers,
    responses: {
      200: { description: 'The address.', schema: feedAddress },
      404: missing,
      409: keyReused,
    },
    async handle({ c, principal, params: { id }, headers: given }) {
      if (!isAccountId(id)) throw notFound('calendar');
      await send({
        ...{ c, type: 'calendar.share', data: { calendar: id }, principal, reply: z.undefined() },
        idempotencyKey: given['idempotency-key'],
      });
      const { feedToken } = await own(principal.account, id);
      // Ended since an earlier request with this key.
      if (feedToken === null) throw notFound('secret address');
      const path = feedPath(feedToken);
      return c.json({ path, url: `${originOf(c)}${path}` }, 200);
    },
  });

  const unshare = defineRoute({
    ...shared,
    method: 'delete',
    path: '/calendars/{id}/feed',
    operationId: 'unshareCalendar',
    summary: 'End the secret address of a calendar',
    params: calendarParams,
    headers,
    responses: {
      204: { description: 'Nobody reads it there any more.' },
      404: { description: 'You have no calendar of this id, or it has no secret address.' },
      409: keyReused,
    },
    async handle({ c, principal, params: { id }, headers: given }) {
      if (!isAccountId(id)) throw notFound('secret address');
      await send({
        ...{ c, type: 'calendar.unshare', data: { calendar: id }, principal, reply: z.undefined() },
        idempotencyKey: given['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  // What ends with `.ics` is looked at first.
  return [importRoute(ports), list, ...calendarFileRoutes(ports), read, remove, share, unshare];
}
