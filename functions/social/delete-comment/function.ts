import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { notFound } from '#shared/http';
import { deleteComment } from '#shared/posts';

export default defineFunction({
  name: 'delete-comment',
  summary: 'Takes back a comment of one’s own, or one to a post of one’s own.',
  command: {
    type: 'post.delete-comment',
    data: z.strictObject({ post: z.uuid(), comment: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { post, comment }, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('comment');
    return {
      write: async (tx) => {
        if (!(await deleteComment(tx, { post, comment, by }))) throw notFound('comment');
        return {};
      },
    };
  },
});
