import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { notFound } from '#shared/http';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { linkHeader, pageQuery } from '../request/keyset.ts';
import { pageLinks } from '../request/page-links.ts';
import { defineRoute, type Route } from '../route.ts';
import type { EventPorts } from './ports.ts';
import {
  eventParams,
  guestPage,
  guestParams,
  participantPage,
  participation,
  participationBody,
} from './schemas.ts';

const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const shared = { tag: 'Events', access: 'token', rate: 'counted' } as const;
const unseen = { description: 'There is no event of this id that you see, or you never registered.' };
const notYours = { description: 'It is not yours.' };
const keyReused = { description: 'The Idempotency-Key came before with another request.' };
const cursorAs = (pattern: RegExp, example: string) =>
  z
    .string()
    .regex(pattern, 'Take it from `links.next` of the page before.')
    .optional()
    .openapi({ description: 'From `links.next` of the page before.', example });
const TURN = /^\d{1,18}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Who comes. */
export function participationRoutes({ gatherings, send }: EventPorts): Route[] {
  const say = defineRoute({
    ...shared,
    method: 'put',
    path: '/events/{id}/participation',
    operationId: 'joinEvent',
    summary: 'Say whether you come',
    description:
      'To all instances of what happens again and again. Who comes first has a place; who asks later waits and moves up in turn. Asking again changes nothing.',
    params: eventParams,
    headers,
    body: participationBody,
    responses: {
      200: { description: 'Your answer as it counts.', schema: participation },
      404: unseen,
      409: {
        description: 'It was cancelled, is over, or the Idempotency-Key came before with another request.',
      },
    },
    async handle({ c, principal, params: { id }, headers: given, body }) {
      if (!isAccountId(id)) throw notFound('event');
      const data = { event: id, answer: body.state, remindMinutes: body.remindMinutes };
      const answer = await send({
        ...{ c, type: 'event.join', data, principal, reply: participation },
        idempotencyKey: given['idempotency-key'],
      });
      return c.json(answer, 200);
    },
  });

  const takeBack = defineRoute({
    ...shared,
    method: 'delete',
    path: '/events/{id}/participation',
    operationId: 'leaveEvent',
    summary: 'Take your answer back',
    description: 'Who waits longest has your place.',
    params: eventParams,
    headers,
    responses: { 204: { description: 'You have no answer there.' }, 404: unseen, 409: keyReused },
    async handle({ c, principal, params: { id }, headers: given }) {
      if (!isAccountId(id)) throw notFound('event');
      await send({
        ...{ c, type: 'event.leave', data: { event: id }, principal, reply: z.undefined() },
        idempotencyKey: given['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  const list = defineRoute({
    ...shared,
    method: 'get',
    path: '/events/{id}/participants',
    operationId: 'listParticipants',
    summary: 'List who comes',
    description: 'In the order in which they asked.',
    params: eventParams,
    query: z.strictObject({
      state: z
        .enum(['going', 'waiting', 'maybe', 'declined'])
        .default('going')
        .openapi({ description: 'What they answered; `going` where left out.' }),
      limit: pageQuery.shape.limit,
      cursor: cursorAs(TURN, '42'),
    }),
    responses: {
      200: { description: 'A page.', schema: participantPage, headers: linkHeader },
      404: unseen,
    },
    async handle({ c, principal, params: { id }, query: { state, limit, cursor } }) {
      const viewer = principal.account;
      if ((await gatherings.find({ id, viewer })) === undefined) throw notFound('event');
      const found = await gatherings.participants({
        ...{ gathering: id, state, viewer, after: cursor },
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      return c.json({
        participants: page.map(({ turn: _, createdAt, ...one }) => ({
          ...one,
          since: createdAt.toISOString(),
        })),
        links: pageLinks(c, found.length > limit ? page.at(-1)?.turn : undefined),
      });
    },
  });

  return [say, takeBack, list];
}

/** Who is asked to come. */
export function guestRoutes({ gatherings, send }: EventPorts): Route[] {
  const change = (about: {
    method: 'put' | 'delete';
    operationId: string;
    summary: string;
    type: string;
    done: string;
    missing: string;
  }): Route => {
    const { method, operationId, summary, type, done, missing } = about;
    return defineRoute({
      ...shared,
      ...{
        method,
        path: '/events/{id}/invitations/{user}',
        operationId,
        summary,
        params: guestParams,
        headers,
      },
      responses: {
        204: { description: done },
        400: { description: 'It is yourself, or a field is wrong.' },
        403: notYours,
        404: { description: missing },
        409: {
          description: 'There are as many as can be, it was imported, or the Idempotency-Key came before.',
        },
      },
      async handle({ c, principal, params: { id, user }, headers: given }) {
        if (!isAccountId(id)) throw notFound('event');
        if (!isAccountId(user)) throw notFound('user');
        await send({
          ...{ c, type, data: { event: id, guest: user }, principal, reply: z.undefined() },
          idempotencyKey: given['idempotency-key'],
        });
        return c.body(null, 204);
      },
    });
  };

  const list = defineRoute({
    ...shared,
    method: 'get',
    path: '/events/{id}/invitations',
    operationId: 'listInvitations',
    summary: 'List whom you invited',
    params: eventParams,
    query: z.strictObject({
      limit: pageQuery.shape.limit,
      cursor: cursorAs(ID, '0193b3f0-4d5e-4000-a000-000000000001'),
    }),
    responses: {
      200: { description: 'A page.', schema: guestPage, headers: linkHeader },
      404: { description: 'You have no event of this id.' },
    },
    async handle({ c, principal, params: { id }, query: { limit, cursor } }) {
      const event = await gatherings.find({ id, viewer: principal.account });
      if (event === undefined || event.owner.id !== principal.account) throw notFound('event');
      const found = await gatherings.guests({ gathering: id, after: cursor, limit: limit + 1 });
      const page = found.slice(0, limit);
      return c.json({
        guests: page.map(({ createdAt, ...one }) => ({ ...one, invitedAt: createdAt.toISOString() })),
        links: pageLinks(c, found.length > limit ? page.at(-1)?.id : undefined),
      });
    },
  });

  return [
    list,
    change({
      method: 'put',
      operationId: 'inviteGuest',
      summary: 'Invite somebody',
      type: 'guest.invite',
      done: 'He is invited, and sees the event.',
      missing: 'There is no such event that you see, or nobody of this id whom you can see.',
    }),
    change({
      method: 'delete',
      operationId: 'withdrawInvitation',
      summary: 'Take an invitation back',
      type: 'guest.withdraw',
      done: 'He is not invited; an answer that he gave stays.',
      missing: 'There is no such event that you see, or he is not invited.',
    }),
  ];
}
