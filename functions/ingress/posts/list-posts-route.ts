import { z } from '@hono/zod-openapi';
import { keyOfMade, linkHeader, pageOf, pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import type { PostPorts } from './ports.ts';
import { postView } from './post-view.ts';
import { postPage } from './schemas.ts';

/** What somebody posted, or everybody. */
export function listPostsRoute({ posts, links: maker }: PostPorts): Route {
  return defineRoute({
    method: 'get',
    path: '/posts',
    operationId: 'listPosts',
    tag: 'Posts',
    summary: 'List posts',
    description:
      'Somebody’s, as far as you see them; or what is for everybody, without those whom you muted. Newest first, by keyset: what comes meanwhile shifts no page.',
    access: 'token',
    rate: 'counted',
    query: z.strictObject({
      ...pageQuery.shape,
      author: z
        .uuid()
        .optional()
        .openapi({ description: 'Whose.', example: '0193b3f0-4d5e-4000-a000-000000000001' }),
    }),
    responses: { 200: { description: 'A page.', schema: postPage, headers: linkHeader } },
    async handle({ c, principal: { account: viewer }, query: { limit, cursor: before, author } }) {
      const found = await posts.list({ viewer, author, before, limit: limit + 1 });
      const { entries, links } = pageOf(c, { found, limit, keyOf: keyOfMade });
      return c.json({ posts: await Promise.all(entries.map((post) => postView(post, maker))), links }, 200);
    },
  });
}
