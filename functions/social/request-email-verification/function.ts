import { z } from 'zod';
import { openLetter } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';

export default defineFunction({
  name: 'request-email-verification',
  summary: 'Mails a new link that confirms the address of an account, unless it is confirmed.',
  command: {
    type: 'email.request-verification',
    /** Of the client, or the group that it counts under. */
    data: z.strictObject({ address: secret(z.string().max(100)) }),
    reply: z.undefined(),
  },
  needs: ['accounts', 'guesses'],
  async handle({ data: { address }, principal }, { accounts, guesses }) {
    const own = await accounts.find(principal.account);
    if (own === undefined) throw notFound('account');
    if (own.emailVerified) return {};
    const { id: user, email } = own;
    await guesses.ask({ email, address });
    return {
      write: async (tx) => {
        const reference = await openLetter(tx, { account: user, kind: 'verify-email', email });
        return { events: [{ type: 'mail.requested', data: { user, template: 'verify-email', reference } }] };
      },
    };
  },
});
