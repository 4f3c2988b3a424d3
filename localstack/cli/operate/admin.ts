import { changeRole, listRoleHolders } from '#shared/accounts';
import { Permanent } from '#shared/errors';
import type { Terminal } from '../terminal.ts';
import { withLedger } from './with-operations.ts';

/** `millrace admin grant`, `millrace admin revoke`: makes somebody who registered an admin, or no longer one. */
export async function changeAdmin(request: {
  terminal: Terminal;
  who: string;
  change: 'grant' | 'revoke';
}): Promise<void> {
  const { terminal, who, change } = request;
  const changed = await withLedger(({ pool }) => changeRole(pool, { who, role: 'admin', change }));
  if (changed === undefined)
    throw new Permanent(
      'account-unknown',
      `Nobody registered as "${who}"; give a handle or an e-mail address.`,
    );
  const { handle, email } = changed;
  terminal.say(`${handle} (${email}) is ${change === 'grant' ? 'an admin' : 'no admin any more'}.`);
}

/** `millrace admin list`. */
export async function listAdmins({ terminal }: { terminal: Terminal }): Promise<void> {
  const all = await withLedger(({ pool }) => listRoleHolders(pool, 'admin'));
  for (const { handle, email } of all) terminal.say(`${handle} (${email})`);
  if (all.length === 0) terminal.say('Nobody who registered is an admin.');
}
