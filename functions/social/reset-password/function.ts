import { z } from 'zod';
import {
  changePassword,
  confirmEmail,
  forgetGuesses,
  mailedTokenOver,
  newPassword,
  readMailedToken,
  refuseGuessable,
  takeLetter,
} from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  token: secret(z.string().max(200)),
  password: secret(newPassword),
});

export default defineFunction({
  name: 'reset-password',
  summary: 'Sets a new password for the token that was mailed, and ends every session.',
  command: { type: 'password.reset', data, reply: z.undefined() },
  needs: ['accounts', 'passwords'],
  async handle({ data: given, delivery }, { accounts, passwords }) {
    const token = readMailedToken(given.token);
    const kind = 'reset-password';
    // Before the work of a password: nobody makes us do that for nothing.
    const own = token === undefined ? undefined : await accounts.ofMailedToken({ token, kind });
    if (token === undefined || own === undefined) throw mailedTokenOver();
    refuseGuessable(given.password, own);
    const password = await passwords.hash(given.password);
    return {
      write: async (tx) => {
        const letter = await takeLetter(tx, { token, kind });
        if (letter === undefined) throw mailedTokenOver();
        const { account: user, email } = letter;
        if (!(await changePassword(tx, { account: user, password, except: undefined })))
          throw mailedTokenOver();
        // Whoever reads what is mailed there has shown it.
        await confirmEmail(tx, letter);
        await forgetGuesses(tx, email);
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
