import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Permanent } from '#shared/errors';
import { readOrMakeKeyFile } from './key-file.ts';
import type { Keys } from './signing-keys.ts';

/** The key that signs links, and all whose links are good. */
export interface LinkKeys {
  readonly current: Buffer;
  readonly accepted: readonly Buffer[];
}

const CURRENT_NAME = 'link-key';
/** One that signed before, or will: its links are good, and no new ones are signed with it. */
const RETIRED_NAME = /^link-key\.retired-[\w-]+$/;
const BYTES = 32;

/** Loads the keys, making the first one where the folder has none and they are not `given`. */
export async function loadLinkKeys(folder: string, use: Keys): Promise<LinkKeys> {
  const make = use === 'made' ? async () => `${randomBytes(BYTES).toString('base64url')}\n` : undefined;
  const current = toKey(CURRENT_NAME, await readOrMakeKeyFile({ folder, name: CURRENT_NAME, make }));
  const retired = (await readdir(folder)).filter((name) => RETIRED_NAME.test(name)).sort();
  const others = await Promise.all(
    retired.map(async (name) => toKey(name, await readFile(join(folder, name), 'utf8'))),
  );
  return { current, accepted: [current, ...others] };
}

function toKey(name: string, text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length === BYTES) return key;
  throw new Permanent(
    'link-key-unusable',
    `${name} does not hold ${BYTES} bytes (base64url); restore it, or remove it so that a new one is made (all signed links then become invalid).`,
  );
}
