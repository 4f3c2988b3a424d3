import { z } from 'zod';
import {
  displayName,
  emailAddress,
  handle,
  insertAccount,
  newPassword,
  openLetter,
  refuseGuessable,
} from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';

const data = z.strictObject({
  email: secret(emailAddress),
  password: secret(newPassword),
  handle: secret(handle),
  name: secret(displayName).optional(),
});

/** The ledger learns only that somebody came: what people tell of themselves stands in one place, and goes with them. */
export default defineFunction({
  name: 'register-user',
  summary: 'Makes an account for an e-mail address, a password and a handle that nobody else has.',
  command: { type: 'user.register', data, reply: z.object({ user: z.uuid() }) },
  needs: ['passwords', 'guesses'],
  async handle({ data: given, delivery }, { passwords, guesses }) {
    const { email, handle, name = handle } = given;
    refuseGuessable(given.password, { handle, email });
    await guesses.register({ email });
    const password = await passwords.hash(given.password);
    // The same for every request with one Idempotency-Key.
    const user = delivery.id;
    return {
      write: async (tx) => {
        await insertAccount(tx, { id: user, email, handle, name, password });
        const reference = await openLetter(tx, { account: user, kind: 'verify-email', email });
        return {
          events: [
            { type: 'user.registered', data: { user } },
            { type: 'mail.requested', data: { user, template: 'verify-email', reference } },
          ],
          reply: { user },
        };
      },
    };
  },
});
