import { z } from 'zod';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';
import { keyWithin, readUnsubscribeToken, refuseMails } from '#shared/notifications';

/** Whoever has the mail may: no sign-in stands between somebody and the end of mails (RFC 8058). */
export default defineFunction({
  name: 'refuse-mails',
  summary: 'Ends mails of a kind for whom the link of one was made.',
  command: {
    type: 'notification.refuse-mails',
    data: z.strictObject({ token: secret(z.string().max(200)) }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { token } }) {
    return {
      write: async (tx) => {
        const refusal = await readUnsubscribeToken(keyWithin(tx), token);
        if (refusal === undefined) throw notFound('link');
        await refuseMails(tx, refusal);
        return {};
      },
    };
  },
});
