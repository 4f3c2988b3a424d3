import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';
import { postDraft, publishPost } from '#shared/posts';

const data = z.strictObject({ ...postDraft.shape, text: secret(postDraft.shape.text) });

/** The ledger learns that something was posted, never what. */
export default defineFunction({
  name: 'publish-post',
  summary: 'Posts text, with pictures, an event or what a pipeline made.',
  command: { type: 'post.publish', data, reply: z.object({ post: z.uuid() }) },
  needs: [],
  async handle({ data: draft, delivery, principal: { account: user } }) {
    if (!isAccountId(user)) throw notFound('account');
    // The same for every request with one Idempotency-Key.
    const post = delivery.id;
    return {
      write: async (tx) => {
        const { mentioned } = await publishPost(tx, { id: post, author: user, draft });
        return {
          events: [
            { type: 'post.published', data: { user, post } },
            ...mentioned.map((named) => ({
              type: 'user.mentioned' as const,
              data: { user: named, by: user, post },
            })),
          ],
          reply: { post },
        };
      },
    };
  },
});
