import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { notFound } from '#shared/http';
import type { SendCommand } from '../accounts/send-command.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route } from '../route.ts';
import { followState, userId, userParams } from './schemas.ts';

const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const nobody = { description: 'There is nobody of this id whom you can see.' };
const keyReused = { description: 'The Idempotency-Key came before with another request.' };

/** A change that has no answer but that it is so now. */
function change(
  send: SendCommand,
  about: {
    method: 'put' | 'delete';
    path: string;
    operationId: string;
    summary: string;
    description?: string;
    type: string;
    /** What the command is told beside whom it is about. */
    data?: object;
    done: string;
    missing?: { description: string };
    /** What is not there, where an id is none. */
    what?: string;
  },
): Route {
  const { type, data, done, missing = nobody, what = 'user', ...described } = about;
  return defineRoute({
    ...described,
    tag: 'People',
    access: 'token',
    rate: 'counted',
    params: z.object({ id: userId }),
    headers,
    responses: { 204: { description: done }, 404: missing, 409: keyReused },
    async handle({ c, principal, params: { id: user }, headers: { 'idempotency-key': idempotencyKey } }) {
      if (!isAccountId(user)) throw notFound(what);
      await send({
        ...{ c, type, data: { user, ...data }, principal, reply: z.undefined(), idempotencyKey },
      });
      return c.body(null, 204);
    },
  });
}

/** What one changes in how one stands to others. All of it may be said again. */
export function followingChangeRoutes({ send }: { send: SendCommand }): Route[] {
  const follow = defineRoute({
    method: 'put',
    path: '/users/{id}/follow',
    operationId: 'followUser',
    tag: 'People',
    summary: 'Follow somebody',
    description: 'A private account is asked; its owner accepts or refuses.',
    access: 'token',
    rate: 'counted',
    params: userParams,
    headers,
    responses: {
      200: { description: 'You follow him, or have asked to.', schema: followState },
      404: nobody,
      409: {
        description: 'You blocked him, you follow as many as one can, or the Idempotency-Key came before.',
      },
    },
    async handle({ c, principal, params: { id: user }, headers: { 'idempotency-key': idempotencyKey } }) {
      if (!isAccountId(user)) throw notFound('user');
      const reply = followState;
      const answer = await send({
        ...{ c, type: 'user.follow', data: { user }, principal, reply, idempotencyKey },
      });
      return c.json(answer, 200);
    },
  });

  return [
    follow,
    change(send, {
      method: 'delete',
      path: '/users/{id}/follow',
      operationId: 'unfollowUser',
      summary: 'Follow somebody no more',
      description: 'Or take your request back.',
      type: 'user.unfollow',
      done: 'You do not follow him.',
    }),
    change(send, {
      method: 'delete',
      path: '/users/me/followers/{id}',
      operationId: 'removeFollower',
      summary: 'Take a follower away',
      description: 'He may come again; block him, or make your account private, and he cannot.',
      type: 'user.remove-follower',
      done: 'He follows you no more.',
      missing: { description: 'Nobody of this id follows you.' },
      what: 'follower',
    }),
    change(send, {
      method: 'put',
      path: '/users/me/follow-requests/{id}',
      operationId: 'acceptFollowRequest',
      summary: 'Let somebody follow you',
      type: 'user.answer-follower',
      data: { answer: 'accept' },
      done: 'He follows you.',
      missing: { description: 'Nobody of this id has asked.' },
      what: 'request',
    }),
    change(send, {
      method: 'delete',
      path: '/users/me/follow-requests/{id}',
      operationId: 'refuseFollowRequest',
      summary: 'Refuse somebody who asks to follow you',
      description: 'He is not told.',
      type: 'user.answer-follower',
      data: { answer: 'refuse' },
      done: 'He asks no more.',
      missing: { description: 'Nobody of this id has asked.' },
      what: 'request',
    }),
    change(send, {
      method: 'put',
      path: '/users/{id}/block',
      operationId: 'blockUser',
      summary: 'Keep somebody away',
      description: 'Neither of you follows the other any more, and neither finds the other.',
      type: 'user.block',
      done: 'He is kept away.',
    }),
    change(send, {
      method: 'delete',
      path: '/users/{id}/block',
      operationId: 'unblockUser',
      summary: 'Keep somebody away no more',
      type: 'user.unblock',
      done: 'He is not kept away.',
    }),
    change(send, {
      method: 'put',
      path: '/users/{id}/mute',
      operationId: 'muteUser',
      summary: 'Keep what somebody posts out of your feed',
      description: 'He is not told.',
      type: 'user.mute',
      done: 'Your feed shows nothing of his.',
    }),
    change(send, {
      method: 'delete',
      path: '/users/{id}/mute',
      operationId: 'unmuteUser',
      summary: 'Let what somebody posts into your feed again',
      type: 'user.unmute',
      done: 'Your feed shows what he posts.',
    }),
  ];
}
