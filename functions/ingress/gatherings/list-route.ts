import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { type InstanceKey, keyOfInstance } from '#shared/gatherings';
import { invalidRequest } from '../request/invalid-request.ts';
import { linkHeader, pageQuery } from '../request/keyset.ts';
import { pageLinks } from '../request/page-links.ts';
import { defineRoute, type Route } from '../route.ts';
import { instanceView } from './event-view.ts';
import type { EventPorts } from './ports.ts';
import { instancePage } from './schemas.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
const CURSOR = /^(-?\d{1,14})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9T:-]{0,19})$/;

const instant = z
  .string()
  .max(40)
  .pipe(z.iso.datetime({ offset: true, error: 'Write an instant as 2026-05-01T00:00:00Z.' }))
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1900 && at.getUTCFullYear() < 2200, {
    error: 'Years from 1900 to 2199 are taken.',
  });

const query = z.strictObject({
  from: instant.optional().openapi({
    type: 'string',
    format: 'date-time',
    description: 'What ends after this; now where left out.',
    example: '2026-05-01T00:00:00Z',
  }),
  to: instant.optional().openapi({
    type: 'string',
    format: 'date-time',
    description: `What begins before this, at most ${MOST_DAYS} days later; 31 days later where left out.`,
    example: '2026-06-01T00:00:00Z',
  }),
  owner: z.string().refine(isAccountId, { error: 'Give the id of somebody.' }).optional().openapi({
    type: 'string',
    format: 'uuid',
    description: 'Of one owner. Left out: your calendar: your own, what you take part in or are invited to.',
    example: '0193b3f0-4d5e-4000-a000-000000000001',
  }),
  limit: pageQuery.shape.limit,
  cursor: z
    .string()
    .max(100)
    .transform((text, { addIssue }): InstanceKey => {
      const [, at, id, recurrenceId] = CURSOR.exec(text) ?? [];
      if (at !== undefined && id !== undefined && recurrenceId !== undefined)
        return { at: new Date(Number(at)), id, recurrenceId };
      addIssue({ code: 'custom', message: 'Take it from `links.next` of the page before.' });
      return z.NEVER;
    })
    .optional()
    .openapi({
      type: 'string',
      description: 'From `links.next` of the page before.',
      example: '1777593600000.0193b3f0-4d5e-4000-a000-000000000001.',
    }),
});

export function listEventsRoute({ gatherings, links: { clock } }: EventPorts): Route {
  return defineRoute({
    method: 'get',
    path: '/events',
    operationId: 'listEvents',
    tag: 'Events',
    summary: 'List what takes place',
    description:
      'Each time that an event takes place is an entry, by its start. Of more than 200 series those that began last.',
    access: 'token',
    rate: 'counted',
    query,
    responses: { 200: { description: 'A page.', schema: instancePage, headers: linkHeader } },
    async handle({ c, principal, query: { owner, limit, cursor, from: given, to: last } }) {
      const from = given ?? clock.now();
      const to = last ?? new Date(from.getTime() + 31 * DAY_MS);
      if (to <= from || to.getTime() - from.getTime() > MOST_DAYS * DAY_MS)
        throw invalidRequest([
          {
            field: 'query.to',
            message: `It must be after \`from\`, at most ${MOST_DAYS} days.`,
            limit: MOST_DAYS,
          },
        ]);
      const found = await gatherings.instances({
        ...{ owner, viewer: principal.account, from, to, after: cursor },
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const end = found.length > limit ? page.at(-1) : undefined;
      const key = end === undefined ? undefined : keyOfInstance(end);
      const links = pageLinks(
        c,
        key === undefined ? undefined : `${key.at.getTime()}.${key.id}.${key.recurrenceId}`,
      );
      return c.json({ events: page.map(instanceView), links: pinned(links, { from, to }) });
    },
  });
}

/** The pages of a window that was left out are of one window. */
function pinned(
  links: { self: string; next?: string },
  { from, to }: { from: Date; to: Date },
): { self: string; next?: string } {
  if (links.next === undefined) return links;
  const [path = '', search] = links.next.split('?');
  const parameters = new URLSearchParams(search);
  if (!parameters.has('from')) parameters.set('from', from.toISOString());
  if (!parameters.has('to')) parameters.set('to', to.toISOString());
  return { ...links, next: `${path}?${parameters}` };
}
