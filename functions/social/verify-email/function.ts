import { z } from 'zod';
import { confirmEmail, mailedTokenOver, openLetter, readMailedToken, takeLetter } from '#shared/accounts';
import { defineFunction, type Emit, secret } from '#shared/function';

export default defineFunction({
  name: 'verify-email',
  summary: 'Takes the token that was mailed to an address: it is that of the account from now on.',
  command: {
    type: 'email.verify',
    data: z.strictObject({ token: secret(z.string().max(200)) }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data }) {
    const token = readMailedToken(data.token);
    if (token === undefined) throw mailedTokenOver();
    return {
      write: async (tx) => {
        const letter = await takeLetter(tx, { token, kind: 'verify-email' });
        if (letter === undefined) throw mailedTokenOver();
        const { account: user } = letter;
        const confirmed = await confirmEmail(tx, letter);
        if (confirmed.state === 'gone') throw mailedTokenOver();
        const events: Emit[] = [{ type: 'user.email-verified', data: { user } }];
        const { before } = confirmed;
        if (before !== undefined) {
          const reference = await openLetter(tx, { account: user, kind: 'email-changed', email: before });
          events.push({ type: 'mail.requested', data: { user, template: 'email-changed', reference } });
        }
        return { events };
      },
    };
  },
});
