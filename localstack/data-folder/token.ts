import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Auth } from '#shared/auth';

/** The account of who owns the machine: that of the first token, and of what lies in no owner's folder of the inbox. */
export const LOCAL_ACCOUNT = 'me';
const FIRST_DAYS = 365;

export const tokenPath = (dataDir: string) => join(dataDir, 'token');

export async function readToken(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(tokenPath(dataDir), 'utf8')).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The token in `DATA_DIR/token` (mode 600), made anew when it is missing or no longer accepted. */
export async function ensureToken({ dataDir, auth }: { dataDir: string; auth: Auth }): Promise<string> {
  const kept = await readToken(dataDir);
  const path = tokenPath(dataDir);
  if (kept !== undefined && (await isAccepted(auth, kept))) {
    await chmod(path, 0o600);
    return kept;
  }
  const token = await auth.issue({
    sub: LOCAL_ACCOUNT,
    account: LOCAL_ACCOUNT,
    roles: ['admin'],
    ttlSeconds: FIRST_DAYS * 86_400,
  });
  const aside = `${path}.${randomUUID()}`;
  try {
    await writeFile(aside, `${token}\n`, { mode: 0o600, flag: 'wx' });
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
  return token;
}

async function isAccepted(auth: Auth, token: string): Promise<boolean> {
  try {
    await auth.verify(token);
    return true;
  } catch {
    return false;
  }
}
