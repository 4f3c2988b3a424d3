import { z } from 'zod';
import { emailAddress } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  /** Any text: what is no address is answered as one that nobody has. */
  email: secret(z.string().max(254)),
  /** Of the client, or the group that it counts under. */
  address: secret(z.string().max(100)),
});

/**
 * Nobody learns here who has an account: for an address that is unknown the same is written, about somebody who does not
 * exist, and only who would send the mail finds that out.
 */
export default defineFunction({
  name: 'request-password-reset',
  summary: 'Mails a link with which whoever reads it chooses a new password.',
  command: { type: 'password.request-reset', data, reply: z.undefined() },
  needs: ['accounts', 'guesses'],
  async handle({ data: given, delivery }, { accounts, guesses }) {
    const email = given.email.trim().toLowerCase();
    await guesses.ask({ email, address: given.address });
    const isAddress = emailAddress.safeParse(email).success;
    const found = isAddress ? await accounts.findByEmail(email) : undefined;
    const user = found?.id ?? delivery.id;
    return {
      emits: [{ type: 'mail.requested', data: { user, template: 'reset-password', reference: delivery.id } }],
    };
  },
});
