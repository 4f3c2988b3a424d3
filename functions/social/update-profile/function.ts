import { z } from 'zod';
import { aboutText, displayName, handle, isAccountId, updateProfile } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { HttpProblem, notFound } from '#shared/http';

const data = z.strictObject({
  handle: secret(handle),
  name: secret(displayName),
  about: secret(aboutText),
  private: z.boolean().optional(),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'update-profile',
  summary: 'Changes what one is called and what one says of oneself.',
  command: { type: 'user.update', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { versions, ...profile }, principal }) {
    const { account } = principal;
    if (!isAccountId(account)) throw notFound('account');
    return {
      write: async (tx) => {
        const updated = await updateProfile(tx, { account, profile, versions });
        switch (updated.state) {
          case 'unknown':
            throw notFound('account');
          case 'changed':
            throw new HttpProblem({
              status: 412,
              code: 'version-changed',
              detail: 'It was changed meanwhile: read it again, and send If-Match with its new ETag.',
              errors: [{ field: 'header.if-match', message: 'This is no longer its ETag.' }],
            });
          case 'updated':
            return {
              events: [{ type: 'user.updated', data: { user: account } }],
              reply: { version: updated.version },
            };
        }
      },
    };
  },
});
