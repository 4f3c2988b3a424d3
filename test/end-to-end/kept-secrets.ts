import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesUnder } from './files-under.ts';

/** Where the secrets of an installation have their place; nobody else reads these files. */
const PLACES = /^(keys\/|token$|postgres\/password$)/;

/** What nobody must find outside its place, by its name for people. */
export type Secrets = ReadonlyMap<string, string>;

/** The keys and the password that an installation made for itself. */
export async function secretsOf(dataDir: string): Promise<Secrets> {
  const read = async (...path: string[]) => {
    const text = await readFile(join(dataDir, ...path), 'utf8').catch(() => '');
    return text.trim();
  };
  const tokenKey = await read('keys', 'token-key.json');
  return new Map(
    [
      ['the key that signs tokens', tokenKey === '' ? '' : String(JSON.parse(tokenKey).d)],
      ['the key that signs links', await read('keys', 'link-key')],
      ['the password of the database', await read('postgres', 'password')],
      ['the signature of the first token', (await read('token')).split('.')[2] ?? ''],
    ].filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1].length > 15),
  );
}

/** The name of a secret that a text holds. */
export function secretIn(text: string, secrets: Secrets): string | undefined {
  for (const [name, secret] of secrets) if (text.includes(secret)) return name;
  return undefined;
}

/**
 * Every file of a data folder that holds a secret of which it is not the place: Postgres writes its rows out, so this is
 * what a stolen disk shows.
 */
export async function filesWithSecrets(dataDir: string, secrets: Secrets): Promise<string[]> {
  const found: string[] = [];
  for (const path of await filesUnder(dataDir)) {
    if (PLACES.test(path)) continue;
    const bytes = await readFile(join(dataDir, path)).catch(() => Buffer.alloc(0));
    const name = secretIn(bytes.toString('latin1'), secrets);
    if (name !== undefined) found.push(`${path} holds ${name}`);
  }
  return found;
}
