import { z } from 'zod';
import { emailAddress, holdPassword, openLetter, passwordWrong, provePassword } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  email: secret(emailAddress),
  password: secret(z.string().max(200)),
  /** Of the client, or the group that it counts under. */
  address: secret(z.string().max(100)),
});

/** Whether somebody else has the address is said to nobody but its reader. */
export default defineFunction({
  name: 'change-email',
  summary:
    'Asks a new address, by mail, whether it is that of the account; until it says so the old one stays.',
  command: { type: 'email.change', data, reply: z.undefined() },
  needs: ['accounts', 'passwords', 'guesses'],
  async handle({ data: { email, password, address }, principal }, ports) {
    const { account: user } = principal;
    const { proven } = await provePassword({ account: user, password, address }, ports);
    await ports.guesses.ask({ email, address });
    return {
      write: async (tx) => {
        if (!(await holdPassword(tx, proven))) throw passwordWrong();
        const reference = await openLetter(tx, { account: user, kind: 'verify-email', email });
        return { events: [{ type: 'mail.requested', data: { user, template: 'verify-email', reference } }] };
      },
    };
  },
});
