import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { unlikePost } from '#shared/posts';

export default defineFunction({
  name: 'unlike-post',
  summary: 'Likes a post no more.',
  command: { type: 'post.unlike', data: z.strictObject({ post: z.uuid() }), reply: z.undefined() },
  needs: [],
  async handle({ data: { post }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        await unlikePost(tx, { post, by });
        return {};
      },
    };
  },
});
