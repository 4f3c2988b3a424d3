import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';
import { commentOnPost, commentText } from '#shared/posts';

const data = z.strictObject({ post: z.uuid(), text: secret(commentText) });

export default defineFunction({
  name: 'comment-on-post',
  summary: 'Says something to a post that one sees.',
  command: { type: 'post.comment', data, reply: z.object({ comment: z.uuid() }) },
  needs: [],
  async handle({ data: { post, text }, delivery, principal: { account: by } }) {
    if (!isAccountId(by)) throw notFound('account');
    // The same for every request with one Idempotency-Key.
    const comment = delivery.id;
    return {
      write: async (tx) => {
        const { author: user, mentioned } = await commentOnPost(tx, { id: comment, post, by, text });
        const said = { type: 'post.commented' as const, data: { user, by, post, comment } };
        return {
          events: [
            ...(user === by ? [] : [said]),
            ...mentioned.map((named) => ({
              type: 'user.mentioned' as const,
              data: { user: named, by, post, comment },
            })),
          ],
          reply: { comment },
        };
      },
    };
  },
});
