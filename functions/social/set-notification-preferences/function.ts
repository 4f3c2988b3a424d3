import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { HttpProblem, notFound } from '#shared/http';
import { channels, kindNames, setPreferences } from '#shared/notifications';

const data = z.strictObject({
  preferences: z.record(z.enum(kindNames), channels),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'set-notification-preferences',
  summary: 'Changes where somebody is told of what.',
  command: { type: 'notification.set-preferences', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { preferences, versions }, principal: { account } }) {
    if (!isAccountId(account)) throw notFound('account');
    return {
      write: async (tx) => {
        const set = await setPreferences(tx, { account, preferences, versions });
        if (set.state === 'set') return { reply: { version: set.version } };
        throw new HttpProblem({
          status: 412,
          code: 'version-changed',
          detail: 'They were changed meanwhile: read them again, and send If-Match with their new ETag.',
          errors: [{ field: 'header.if-match', message: 'This is no longer their ETag.' }],
        });
      },
    };
  },
});
