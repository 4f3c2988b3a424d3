import { randomBytes } from 'node:crypto';
import { MillraceError, Permanent } from '#shared/errors';
import type { Clock } from '#shared/function';
import { createUrlSigner as createRequestSigner } from '#shared/storage';
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

/** Links signed for reading (HMAC-SHA256); the key is made in the folder at the first use. */
export function createUrlSigner({ keysFolder, clock }: { keysFolder: string; clock: Clock }): UrlSigner {
  let loading: Promise<ReturnType<typeof createRequestSigner>> | undefined;
  const signer = () => {
    loading ??= loadKey(keysFolder)
      .then((secret) => createRequestSigner({ secret, clock }))
      .catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
    return loading;
  };

  return {
    async sign(path, { expiresAt }) {
      return (await signer()).sign({ method: 'GET', path, expiresAt });
    },
    async verify({ path, expires, signature }) {
      const requests = await signer();
      try {
        requests.verify({ method: 'GET', path, query: new URLSearchParams({ expires, signature }) });
        return true;
      } catch (error) {
        if (error instanceof MillraceError) return false;
        throw error;
      }
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
