import { z } from 'zod';
import {
  changePassword,
  holdPassword,
  newPassword,
  passwordWrong,
  provePassword,
  refuseGuessable,
} from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';

const data = z.strictObject({
  password: secret(z.string().max(200)),
  newPassword: secret(newPassword),
  /** The one that goes on. */
  session: z.uuid().optional(),
  /** Of the client, or the group that it counts under. */
  address: secret(z.string().max(100)),
});

export default defineFunction({
  name: 'change-password',
  summary: 'Sets a new password for the old one, and ends the other sessions.',
  command: { type: 'password.change', data, reply: z.undefined() },
  needs: ['accounts', 'passwords', 'guesses'],
  async handle({ data: given, principal, delivery }, ports) {
    const { password, session: except, address } = given;
    const { account } = principal;
    const { own, proven } = await provePassword({ account, password, address }, ports);
    refuseGuessable(given.newPassword, own);
    const hash = await ports.passwords.hash(given.newPassword);
    const user = own.id;
    return {
      write: async (tx) => {
        if (!(await holdPassword(tx, proven))) throw passwordWrong();
        if (!(await changePassword(tx, { account: user, password: hash, except }))) throw notFound('account');
        const notice = { user, template: 'password-changed', reference: delivery.id };
        return {
          events: [
            { type: 'user.password-changed', data: { user } },
            { type: 'mail.requested', data: notice },
          ],
        };
      },
    };
  },
});
