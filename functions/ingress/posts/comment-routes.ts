import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { notFound } from '#shared/http';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { keyOfMade, linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import type { PostPorts } from './ports.ts';
import { commentView } from './post-view.ts';
import { comment, commentBody, commentPage, commentParams, postParams } from './schemas.ts';

const headers = z.object({ 'idempotency-key': idempotencyKey.optional() });
const missing = { description: 'There is no post of this id that you see.' };
const keyReused = { description: 'The Idempotency-Key came before with another request.' };

/** What is said to a post. */
export function commentRoutes({ posts, send }: PostPorts): Route[] {
  const list = defineRoute({
    method: 'get',
    path: '/posts/{id}/comments',
    operationId: 'listComments',
    tag: 'Posts',
    summary: 'List what was said to a post',
    access: 'token',
    rate: 'counted',
    params: postParams,
    query: pageQuery,
    responses: {
      200: { description: 'A page, newest first.', schema: commentPage, headers: linkHeader },
      404: missing,
    },
    async handle({ c, principal: { account: viewer }, params: { id }, query: { limit, cursor: before } }) {
      const found = await posts.comments({ id, viewer, before, limit: limit + 1 });
      if (found === undefined) throw notFound('post');
      const { entries, links } = pageOf(c, { found, limit, keyOf: keyOfMade });
      return c.json({ comments: entries.map(commentView), links }, 200);
    },
  });

  const say = defineRoute({
    method: 'post',
    path: '/posts/{id}/comments',
    operationId: 'commentOnPost',
    tag: 'Posts',
    summary: 'Say something to a post',
    access: 'token',
    rate: 'counted',
    params: postParams,
    headers,
    body: commentBody,
    responses: {
      201: {
        description: 'The comment.',
        schema: comment,
        headers: { 'Idempotency-Replayed': '`true` where this key had made it before.' },
      },
      404: missing,
      409: keyReused,
    },
    async handle({ c, principal, params: { id: post }, headers, body }) {
      if (!isAccountId(post)) throw notFound('post');
      const { comment: id } = await send({
        ...{ c, type: 'post.comment', data: { ...body, post }, principal },
        reply: z.object({ comment: z.string() }),
        idempotencyKey: headers['idempotency-key'],
      });
      const said = await posts.findComment({ id, viewer: principal.account });
      // Said by an earlier request with this key, and gone since.
      if (said === undefined) throw notFound('comment');
      return c.json(commentView(said), 201);
    },
  });

  const remove = defineRoute({
    method: 'delete',
    path: '/posts/{id}/comments/{comment}',
    operationId: 'deleteComment',
    tag: 'Posts',
    summary: 'Take a comment back',
    description: 'One of yours, or one to a post of yours.',
    access: 'token',
    rate: 'counted',
    params: commentParams,
    headers,
    responses: {
      204: { description: 'It is gone.' },
      404: { description: 'There is no such comment that is yours to delete.' },
      409: keyReused,
    },
    async handle({ c, principal, params: { id: post, comment }, headers }) {
      if (!isAccountId(post) || !isAccountId(comment)) throw notFound('comment');
      await send({
        ...{ c, type: 'post.delete-comment', data: { post, comment }, principal, reply: z.undefined() },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  return [list, say, remove];
}
