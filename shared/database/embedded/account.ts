import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The account that Postgres runs under; absent: our own. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on every Linux: Postgres refuses to run as root. */
const nobody: Account = { uid: 65_534, gid: 65_534 };

/** Root starts Postgres as the owner of its cluster, or as `nobody` while there is none. */
export async function postgresAccount(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await stat(cluster).catch(() => undefined);
  return found === undefined || found.uid === 0 ? nobody : { uid: found.uid, gid: found.gid };
}

/** Whether the account may walk down to `folder`: every folder above must let it pass (0700 does not). */
export async function canReach(folder: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  for (let at = folder; ; at = dirname(at)) {
    const found = await stat(at);
    const passes = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
    if ((found.mode & passes) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
