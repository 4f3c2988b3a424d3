import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { HttpProblem, notFound } from '#shared/http';
import { postDraft, updatePost } from '#shared/posts';

const data = z.strictObject({
  post: z.uuid(),
  ...postDraft.shape,
  text: secret(postDraft.shape.text),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'update-post',
  summary: 'Replaces what a post of one’s own shows.',
  command: { type: 'post.update', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { post, versions, ...draft }, principal: { account: user } }) {
    if (!isAccountId(user)) throw notFound('post');
    return {
      write: async (tx) => {
        const updated = await updatePost(tx, { id: post, author: user, draft, versions });
        switch (updated.state) {
          case 'unknown':
            throw notFound('post');
          case 'changed':
            throw new HttpProblem({
              status: 412,
              code: 'version-changed',
              detail: 'It was changed meanwhile: read it again, and send If-Match with its new ETag.',
              errors: [{ field: 'header.if-match', message: 'This is no longer its ETag.' }],
            });
          case 'updated': {
            const { version, mentioned } = updated;
            return {
              events: [
                { type: 'post.updated', data: { user, post } },
                ...mentioned.map((named) => ({
                  type: 'user.mentioned' as const,
                  data: { user: named, by: user, post },
                })),
              ],
              reply: { version },
            };
          }
        }
      },
    };
  },
});
