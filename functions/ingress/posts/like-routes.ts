import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { notFound } from '#shared/http';
import { peoplePageOf } from '../following/people-page.ts';
import { peoplePage } from '../following/schemas.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { linkHeader, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import type { PostPorts } from './ports.ts';
import { postParams } from './schemas.ts';

const missing = { description: 'There is no post of this id that you see.' };

/** Who likes what. */
export function likeRoutes({ posts, send }: PostPorts): Route[] {
  const change = (about: {
    method: 'put' | 'delete';
    operationId: string;
    summary: string;
    type: string;
    done: string;
  }) => {
    const { type, done, ...described } = about;
    return defineRoute({
      ...described,
      path: '/posts/{id}/like',
      tag: 'Posts',
      access: 'token',
      rate: 'counted',
      params: postParams,
      headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
      responses: {
        204: { description: done },
        404: missing,
        409: { description: 'The Idempotency-Key came before with another request.' },
      },
      async handle({ c, principal, params: { id: post }, headers }) {
        if (!isAccountId(post)) throw notFound('post');
        await send({
          ...{ c, type, data: { post }, principal, reply: z.undefined() },
          idempotencyKey: headers['idempotency-key'],
        });
        return c.body(null, 204);
      },
    });
  };

  const list = defineRoute({
    method: 'get',
    path: '/posts/{id}/likes',
    operationId: 'listLikes',
    tag: 'Posts',
    summary: 'List who likes a post',
    access: 'token',
    rate: 'counted',
    params: postParams,
    query: pageQuery,
    responses: {
      200: { description: 'A page, newest first.', schema: peoplePage, headers: linkHeader },
      404: missing,
    },
    async handle({ c, principal: { account: viewer }, params: { id }, query: { limit, cursor: before } }) {
      const found = await posts.likes({ id, viewer, before, limit: limit + 1 });
      if (found === undefined) throw notFound('post');
      return c.json(peoplePageOf(c, { found, limit }), 200);
    },
  });

  return [
    change({
      ...{ method: 'put', operationId: 'likePost', summary: 'Like a post' },
      ...{ type: 'post.like', done: 'You like it.' },
    }),
    change({
      ...{ method: 'delete', operationId: 'unlikePost', summary: 'Like a post no more' },
      ...{ type: 'post.unlike', done: 'You do not like it.' },
    }),
    list,
  ];
}
