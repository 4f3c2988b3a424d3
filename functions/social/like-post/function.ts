import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { likePost } from '#shared/posts';

export default defineFunction({
  name: 'like-post',
  summary: 'Likes a post, once however often it is said.',
  command: { type: 'post.like', data: z.strictObject({ post: z.uuid() }), reply: z.undefined() },
  needs: [],
  async handle({ data: { post }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    return {
      write: async (tx) => {
        const { author: user, changed } = await likePost(tx, { post, by });
        if (!changed || user === by) return {};
        return { events: [{ type: 'post.liked', data: { user, by, post } }] };
      },
    };
  },
});
