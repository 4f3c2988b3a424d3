import { z } from 'zod';
import { emailAddress, holdPassword, openSession } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { HttpProblem } from '#shared/http';

const data = z.strictObject({
  /** Any text: what is no address is answered as one that nobody has. */
  email: secret(z.string().max(254)),
  password: secret(z.string().max(200)),
  /** Of the client, or the group that it counts under. */
  address: secret(z.string().max(100)),
  /** What it says of itself. */
  client: secret(z.string().max(200)),
});

const reply = z.object({
  user: z.uuid(),
  session: z.uuid(),
  roles: z.array(z.string()),
  refreshToken: secret(z.string()),
});

/** Who does not exist is answered as a wrong password is, after the same work. */
export default defineFunction({
  name: 'login-user',
  summary: 'Opens a session for an e-mail address and its password; guessing becomes slow.',
  command: { type: 'session.open', data, reply },
  needs: ['accounts', 'passwords', 'guesses'],
  async handle({ data: given, delivery }, { accounts, passwords, guesses }) {
    const guess = { email: given.email.trim().toLowerCase(), address: given.address };
    await guesses.attempt(guess);
    // What is no address is nobody's, and may hold what no database takes.
    const isAddress = emailAddress.safeParse(guess.email).success;
    const found = isAddress ? await accounts.findByEmail(guess.email) : undefined;
    const isRight = await passwords.verify(given.password, found?.password);
    if (found === undefined || !isRight) throw wrong();
    await guesses.passed(guess);
    const { id: user, roles } = found;
    const session = delivery.id;
    return {
      write: async (tx) => {
        if (!(await holdPassword(tx, { account: user, hash: found.password }))) throw wrong();
        const { refreshToken } = await openSession(tx, { id: session, account: user, client: given.client });
        return { reply: { user, session, roles: [...roles], refreshToken } };
      },
    };
  },
});

function wrong(): HttpProblem {
  return new HttpProblem({
    status: 401,
    code: 'credentials-wrong',
    detail: 'There is no account with this e-mail address and this password.',
  });
}
