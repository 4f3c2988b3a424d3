import { z } from '@hono/zod-openapi';
import { isAccountId } from '#shared/accounts';
import { notFound } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { ifMatch, tagOf, versionsIn } from '../request/version-tag.ts';
import { defineRoute, type Route } from '../route.ts';
import type { PostPorts } from './ports.ts';
import { postView } from './post-view.ts';
import { post, postBody, postParams } from './schemas.ts';

const key = { 'idempotency-key': idempotencyKey.optional() };
const keyReused = { description: 'The Idempotency-Key came before with another request.' };
const whole = {
  schema: post,
  headers: { ETag: 'Of what its author wrote, for `If-Match`; likes and comments do not change it.' },
};

/** Posts, each under its own path. */
export function postRoutes({ posts, send, links }: PostPorts): Route[] {
  async function answer(c: HttpContext, id: string, viewer: string, status: 200 | 201): Promise<Response> {
    const found = await posts.find({ id, viewer });
    if (found === undefined) throw notFound('post');
    c.header('ETag', tagOf(found.version));
    return c.json(await postView(found, links), status);
  }

  const publish = defineRoute({
    method: 'post',
    path: '/posts',
    operationId: 'publishPost',
    tag: 'Posts',
    summary: 'Post something',
    description: 'Text, pictures, an event, or what a finished pipeline of yours made.',
    access: 'token',
    rate: 'counted',
    headers: z.object(key),
    body: postBody,
    responses: {
      201: {
        ...{ description: 'The post.', ...whole },
        headers: {
          ...whole.headers,
          Location: 'Its own path.',
          'Idempotency-Replayed': '`true` where this key had made it before.',
        },
      },
      404: { description: 'The token is of nobody who registered.' },
      409: keyReused,
    },
    async handle({ c, principal, headers, body }) {
      const { post: id } = await send({
        ...{ c, type: 'post.publish', data: body, principal, reply: z.object({ post: z.string() }) },
        idempotencyKey: headers['idempotency-key'],
      });
      c.header('Location', `/posts/${id}`);
      return await answer(c, id, principal.account, 201);
    },
  });

  const read = defineRoute({
    method: 'get',
    path: '/posts/{id}',
    operationId: 'readPost',
    tag: 'Posts',
    summary: 'Read a post',
    access: 'token',
    rate: 'counted',
    params: postParams,
    responses: {
      200: { description: 'The post.', ...whole },
      404: { description: 'There is no post of this id that you see.' },
    },
    handle: ({ c, principal, params: { id } }) => answer(c, id, principal.account, 200),
  });

  const replace = defineRoute({
    method: 'put',
    path: '/posts/{id}',
    operationId: 'updatePost',
    tag: 'Posts',
    summary: 'Change a post of yours',
    description: 'All of it is replaced.',
    access: 'token',
    rate: 'counted',
    params: postParams,
    headers: z.object({
      ...key,
      'if-match': ifMatch,
    }),
    body: postBody,
    responses: {
      200: { description: 'The post as it is now.', ...whole },
      404: { description: 'You have no post of this id.' },
      409: keyReused,
      412: { description: 'It was changed meanwhile: `If-Match` names another version.' },
    },
    async handle({ c, principal, params: { id }, headers, body }) {
      if (!isAccountId(id)) throw notFound('post');
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'post.update', principal, reply: z.object({ version: z.int() }) },
        data: { ...body, post: id, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return await answer(c, id, principal.account, 200);
    },
  });

  const remove = defineRoute({
    method: 'delete',
    path: '/posts/{id}',
    operationId: 'deletePost',
    tag: 'Posts',
    summary: 'Take a post of yours back',
    description: 'With all that was said to it.',
    access: 'token',
    rate: 'counted',
    params: postParams,
    headers: z.object(key),
    responses: {
      204: { description: 'It is gone.' },
      404: { description: 'You have no post of this id.' },
      409: keyReused,
    },
    async handle({ c, principal, params: { id }, headers }) {
      if (!isAccountId(id)) throw notFound('post');
      await send({
        ...{ c, type: 'post.delete', data: { post: id }, principal, reply: z.undefined() },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  return [publish, read, replace, remove];
}
