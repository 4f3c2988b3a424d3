import { createECDH, type ECDH, randomBytes } from 'node:crypto';
import { decrypt } from 'http_ece';
import type { PushKeys } from '#shared/push';

/** A browser's half of a subscription. */
export interface Browser {
  readonly keys: PushKeys;
  readonly privateKey: ECDH;
}

export function openBrowser(): Browser {
  const privateKey = createECDH('prime256v1');
  privateKey.generateKeys();
  return { privateKey, keys: { p256dh: privateKey.getPublicKey(), auth: randomBytes(16) } };
}

/** What a browser reads: by software that is not ours. */
export function decryptPush(sealed: Buffer, { privateKey, keys: { auth } }: Browser): string {
  return decrypt(sealed, {
    version: 'aes128gcm',
    privateKey,
    authSecret: auth.toString('base64url'),
  }).toString();
}
