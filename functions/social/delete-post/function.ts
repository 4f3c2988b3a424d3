import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { deletePost } from '#shared/posts';

export default defineFunction({
  name: 'delete-post',
  summary: 'Takes back a post of one’s own, with all that was said to it.',
  command: { type: 'post.delete', data: z.strictObject({ post: z.uuid() }), reply: z.undefined() },
  needs: [],
  async handle({ data: { post }, principal: { account: user } }) {
    if (!isAccountId(user)) throw notFound('post');
    return {
      write: async (tx) => {
        if (!(await deletePost(tx, { id: post, author: user }))) throw notFound('post');
        return { events: [{ type: 'post.deleted', data: { user, post } }] };
      },
    };
  },
});
