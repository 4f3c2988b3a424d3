import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Permanent } from '#shared/errors';
import type { Clock } from '#shared/function';
import { readOrMakeKeyFile } from './key-file.ts';

/** Signs paths, so that a browser (a `<video>`, a download) reaches one of them without a token until it expires. */
export interface UrlSigner {
  /** The path with `?expires=…&signature=…`; `expires` is in Unix seconds. */
  sign(path: string, options: { readonly expiresAt: Date }): Promise<string>;
  /** Is this link ours, unaltered and still good? Compared in constant time. */
  verify(link: {
    readonly path: string;
    readonly expires: string;
    readonly signature: string;
  }): Promise<boolean>;
}

/** Links signed with HMAC-SHA256; the key is made in the folder at the first use. */
export function createUrlSigner({ keysFolder, clock }: { keysFolder: string; clock: Clock }): UrlSigner {
  let loading: Promise<Buffer> | undefined;
  const key = (): Promise<Buffer> => {
    loading ??= loadKey(keysFolder).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  return {
    async sign(path, { expiresAt }) {
      const expires = String(Math.floor(expiresAt.getTime() / 1000));
      const signature = mac(await key(), path, expires).toString('base64url');
      return `${path}?expires=${expires}&signature=${signature}`;
    },
    async verify({ path, expires, signature }) {
      if (!/^\d{1,12}$/.test(expires) || !/^[\w-]{43}$/.test(signature)) return false;
      const expected = mac(await key(), path, expires);
      const given = Buffer.from(signature, 'base64url');
      // Two spellings of base64url can decode to the same bytes; only the one we wrote is taken.
      const same = given.length === expected.length && timingSafeEqual(given, expected);
      return (
        same && given.toString('base64url') === signature && Number(expires) * 1000 > clock.now().getTime()
      );
    },
  };
}

async function loadKey(folder: string): Promise<Buffer> {
  const make = async () => `${randomBytes(32).toString('base64url')}\n`;
  const key = Buffer.from((await readOrMakeKeyFile({ folder, name: 'link-key', make })).trim(), 'base64url');
  if (key.length === 32) return key;
  throw new Permanent(
    'link-key-unusable',
    'link-key does not hold 32 bytes (base64url); restore it, or remove it so that a new one is made (all signed links then become invalid).',
  );
}

/** The expiry has digits only and stands first, so no path can be read as part of it. */
function mac(key: Buffer, path: string, expires: string): Buffer {
  return createHmac('sha256', key).update(`millrace-link-1\n${expires}\n${path}`).digest();
}
