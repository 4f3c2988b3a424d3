import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';

/**
 * Reads a key file, made by `make` at its first use; without `make` it must be there.
 *
 * Several processes may start at once: each writes a temporary file and links it to the name; the link of one
 * succeeds, the others read what that one wrote. The file is whole before it has its name, mode 600.
 *
 * @throws Permanent `keys-folder-unusable` when the folder can be neither read nor written, `key-missing`.
 */
export async function readOrMakeKeyFile({
  folder,
  name,
  make,
}: {
  folder: string;
  name: string;
  make: (() => Promise<string>) | undefined;
}): Promise<string> {
  const path = join(folder, name);
  try {
    const there = await readIfThere(path);
    if (there !== undefined) return there;
    if (make === undefined) throw missing(path);
    return await makeKeyFile({ folder, path, content: await make() });
  } catch (cause) {
    if (cause instanceof Permanent) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Permanent(
      'keys-folder-unusable',
      `The key file ${name} cannot be read or made (${reason}); make the keys folder readable and writable for this user.`,
      { cause },
    );
  }
}

/** Processes beside each other that each made keys of their own would refuse each other's tokens. */
function missing(path: string): Permanent {
  return new Permanent(
    'key-missing',
    `The key ${path} is not there; put the keys of this installation into that folder (a first \`npx millrace token\` makes them).`,
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a file that is whole before it has its name; answers what stands there, which another process may have made. */
export async function makeKeyFile({
  folder,
  path,
  content,
}: {
  folder: string;
  path: string;
  content: string;
}): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
    return content;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return await readFile(path, 'utf8');
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
