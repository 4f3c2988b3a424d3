import { createAuth } from '#shared/auth';
import { loadConfig } from '#shared/config';
import { keysFolder } from '../data-folder/index.ts';
import type { Terminal } from './terminal.ts';

/** `millrace token`: prints a token, and nothing else on stdout, so that a script can take it. */
export async function token(request: {
  terminal: Terminal;
  owner: string;
  roles: readonly string[];
  days: number;
}): Promise<void> {
  const { terminal, owner, roles, days } = request;
  const { dataDir } = loadConfig();
  const auth = createAuth({ keysFolder: keysFolder(dataDir), clock: { now: () => new Date() } });
  terminal.say(await auth.issue({ sub: owner, account: owner, roles, ttlSeconds: days * 86_400 }));
  const rights = roles.length === 0 ? 'no special role' : `role ${roles.join(', ')}`;
  terminal.complain(`For ${owner}, ${rights}, valid for ${days} days on the platform in ${dataDir}.`);
}
