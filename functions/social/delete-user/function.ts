import { z } from 'zod';
import { deleteAccount, holdPassword, passwordWrong, provePassword } from '#shared/accounts';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';
import { recordErasure } from '#shared/ledger';

const data = z.strictObject({
  password: secret(z.string().max(200)),
  /** Of the client, or the group that it counts under. */
  address: secret(z.string().max(100)),
});

/** A token that was stolen does not suffice. */
export default defineFunction({
  name: 'delete-user',
  summary: 'Deletes an account for its password, and asks for all that it made to be erased.',
  command: { type: 'user.delete', data, reply: z.undefined() },
  needs: ['accounts', 'passwords', 'guesses'],
  async handle({ data: { password, address }, principal }, ports) {
    const { account, sub: by } = principal;
    const { proven } = await provePassword({ account, password, address }, ports);
    return {
      write: async (tx) => {
        if (!(await holdPassword(tx, proven))) throw passwordWrong();
        if (!(await deleteAccount(tx, account))) throw notFound('account');
        // Asked for in the same transaction: whatever dies now, it is gone on with.
        await recordErasure(tx, { account, by });
        return { events: [{ type: 'user.deleted', data: { user: account } }] };
      },
    };
  },
});
