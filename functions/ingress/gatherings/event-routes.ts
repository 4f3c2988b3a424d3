import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { localTime } from '#shared/gatherings';
import { notFound } from '#shared/http';
import { pictureView } from '#shared/pictures';
import type { HttpContext } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { ifMatch, tagOf, versionsIn } from '../request/version-tag.ts';
import { defineRoute, type Route } from '../route.ts';
import { eventView } from './event-view.ts';
import type { EventPorts } from './ports.ts';
import { event, eventBody, eventParams, instanceBody, instanceParams } from './schemas.ts';

const key = { 'idempotency-key': idempotencyKey.optional() };
const whole = {
  schema: event,
  headers: { ETag: 'Of what its owner wrote, for `If-Match`; answers and pictures do not change it.' },
};
const refusals = {
  403: { description: 'It is not yours.' },
  404: { description: 'There is no event of this id that you see, or you never registered.' },
  409: {
    description: 'It came with an imported calendar, or the Idempotency-Key came with another request.',
  },
  412: { description: 'It was changed meanwhile: `If-Match` names another version.' },
} as const;
const shared = { tag: 'Events', access: 'token', rate: 'counted' } as const;
const versionReply = z.object({ version: z.int() });

/** Events, each under its own path. */
export function eventRoutes({ gatherings, pictures, send, links }: EventPorts): Route[] {
  async function answer(c: HttpContext, id: string, viewer: string, status: 200 | 201): Promise<Response> {
    const found = await gatherings.find({ id, viewer });
    if (found === undefined) throw notFound('event');
    const shown = await pictures.shownBy({ kind: 'gathering', ids: [id] });
    const views = await Promise.all((shown.get(id) ?? []).map((picture) => pictureView(picture, links)));
    c.header('ETag', tagOf(found.version));
    return c.json(eventView(found, views), status);
  }

  const create = defineRoute({
    ...shared,
    method: 'post',
    path: '/events',
    operationId: 'createEvent',
    summary: 'Make an event',
    headers: z.object(key),
    body: eventBody,
    responses: {
      201: {
        ...{ description: 'The event.', ...whole },
        headers: {
          ...whole.headers,
          Location: 'Its own path.',
          'Idempotency-Replayed': '`true` where this key had made it before.',
        },
      },
      404: { description: 'The token is of nobody who registered.' },
      409: {
        description: 'You have as many recurring events as one can, or the Idempotency-Key came before.',
      },
    },
    async handle({ c, principal, headers, body }) {
      const { event: id } = await send({
        ...{ c, type: 'event.create', data: body, principal, reply: z.object({ event: z.string() }) },
        idempotencyKey: headers['idempotency-key'],
      });
      c.header('Location', `/events/${id}`);
      return await answer(c, id, principal.account, 201);
    },
  });

  const read = defineRoute({
    ...shared,
    method: 'get',
    path: '/events/{id}',
    operationId: 'readEvent',
    summary: 'Read an event',
    params: eventParams,
    responses: { 200: { description: 'The event.', ...whole }, 404: refusals[404] },
    handle: ({ c, principal, params: { id } }) => answer(c, id, principal.account, 200),
  });

  const replace = defineRoute({
    ...shared,
    method: 'put',
    path: '/events/{id}',
    operationId: 'updateEvent',
    summary: 'Change an event of yours',
    description:
      'All of it is replaced. With more places, those who wait longest move up. With other times, instances that were moved one by one are again as the rule says.',
    params: eventParams,
    headers: z.object({ ...key, 'if-match': ifMatch }),
    body: eventBody,
    responses: { ...refusals, 200: { description: 'The event as it is now.', ...whole } },
    async handle({ c, principal, params: { id }, headers, body }) {
      if (!isAccountId(id)) throw notFound('event');
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'event.update', principal, reply: versionReply },
        data: { ...body, event: id, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return await answer(c, id, principal.account, 200);
    },
  });

  const cancel = defineRoute({
    ...shared,
    method: 'post',
    path: '/events/{id}/cancel',
    operationId: 'cancelEvent',
    summary: 'Cancel an event of yours',
    description: 'It stays to be read; nobody can join it or is reminded of it.',
    params: eventParams,
    headers: z.object({ ...key, 'if-match': ifMatch }),
    responses: { ...refusals, 200: { description: 'The event as it is now.', ...whole } },
    async handle({ c, principal, params: { id }, headers }) {
      if (!isAccountId(id)) throw notFound('event');
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'event.cancel', principal, reply: versionReply },
        data: { event: id, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return await answer(c, id, principal.account, 200);
    },
  });

  const remove = defineRoute({
    ...shared,
    method: 'delete',
    path: '/events/{id}',
    operationId: 'deleteEvent',
    summary: 'Remove an event of yours',
    description: 'With all answers to it. To let it be read as cancelled, cancel it.',
    params: eventParams,
    headers: z.object({ ...key, 'if-match': ifMatch }),
    responses: { ...refusals, 204: { description: 'It is gone.' } },
    async handle({ c, principal, params: { id }, headers }) {
      if (!isAccountId(id)) throw notFound('event');
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'event.delete', principal, reply: z.undefined() },
        data: { event: id, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  const move = defineRoute({
    ...shared,
    method: 'put',
    path: '/events/{id}/instances/{recurrenceId}',
    operationId: 'moveEventInstance',
    summary: 'Move or cancel one instance of an event of yours',
    description: 'All that it differs in is replaced; what is left out is as the rule says.',
    params: instanceParams,
    headers: z.object({ ...key, 'if-match': ifMatch }),
    body: instanceBody,
    responses: { ...refusals, 200: { description: 'The event as it is now.', ...whole } },
    async handle({ c, principal, params: { id, recurrenceId }, headers, body }) {
      if (!isAccountId(id) || !localTime.safeParse(recurrenceId).success)
        throw notFound('instance of this event');
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'event.move-instance', principal, reply: versionReply },
        data: { ...body, event: id, recurrenceId, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return await answer(c, id, principal.account, 200);
    },
  });

  return [create, read, replace, remove, cancel, move];
}
