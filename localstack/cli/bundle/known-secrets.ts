import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configuredSecrets } from '#shared/config';
import { keysFolder, readToken } from '../../data-folder/index.ts';

/** Fields of a private key as a JSON Web Key (RFC 7517, RFC 8037) that are secret. */
const PRIVATE_FIELDS = ['d', 'k', 'p', 'q'];

/** Every secret of this installation: its settings, its signing keys, its first token, its database's password. */
export async function knownSecrets({
  dataDir,
  databaseUrl,
}: {
  dataDir: string;
  databaseUrl: string;
}): Promise<readonly string[]> {
  const password = URL.parse(databaseUrl)?.password;
  const token = await readToken(dataDir);
  return [
    ...configuredSecrets(),
    ...(password ? [password, decodeURIComponent(password)] : []),
    ...(token === undefined ? [] : [token]),
    ...(await signingKeys(keysFolder(dataDir))),
  ];
}

async function signingKeys(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch(() => undefined)),
  );
  return texts.flatMap((text) => (text === undefined ? [] : secretsOf(text.trim())));
}

/** A JWK names its secret parts; any other key file is one secret. */
function secretsOf(text: string): readonly string[] {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields !== 'object' || fields === null) return [text];
    const values = Object.entries(fields).flatMap(([name, value]) =>
      PRIVATE_FIELDS.includes(name) && typeof value === 'string' ? [value] : [],
    );
    return values.length === 0 ? [text] : values;
  } catch {
    return [text];
  }
}
