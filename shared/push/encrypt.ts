import { createCipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';
import { Permanent } from '#shared/errors';

/** What a browser gave for its subscription: its public key (P-256, uncompressed) and a secret of 16 bytes. */
export interface PushKeys {
  readonly p256dh: Buffer;
  readonly auth: Buffer;
}

const CURVE = 'prime256v1';
const KEY_BYTES = 65;
const AUTH_BYTES = 16;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
/** What every push service takes (RFC 8030, section 7.2), and one record (RFC 8291, section 4). */
const MOST_BODY_BYTES = 4_096;
const HEADER_BYTES = SALT_BYTES + 4 + 1 + KEY_BYTES;
/** Of a message, with the byte that ends it. */
const MOST_PLAIN_BYTES = MOST_BODY_BYTES - HEADER_BYTES - TAG_BYTES - 1;
/** Messages are filled up to a multiple of this, so that their length says little. */
const STEP_BYTES = 256;

/**
 * Encrypts a message for one browser (RFC 8291: `aes128gcm` of RFC 8188 with keys agreed on by ECDH).
 *
 * @param given salt and the sender's key of this message: fresh ones but in tests
 * @throws Permanent `push-keys-invalid`, `push-too-large`
 */
export function encryptPush(
  message: Buffer,
  { p256dh, auth }: PushKeys,
  given: { salt?: Buffer; sender?: ECDH; step?: number } = {},
): Buffer {
  if (message.length > MOST_PLAIN_BYTES)
    throw new Permanent(
      'push-too-large',
      `The message has ${message.length} bytes; a push carries ${MOST_PLAIN_BYTES}.`,
    );
  const salt = given.salt ?? randomBytes(SALT_BYTES);
  const sender = given.sender ?? fresh();
  const secret = agreed(sender, { p256dh, auth });
  const ours = sender.getPublicKey();
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), p256dh, ours]);
  const input = expand(secret, auth, info, 32);
  const key = expand(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = expand(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const sealed = [
    cipher.update(padded(message, given.step ?? STEP_BYTES)),
    cipher.final(),
    cipher.getAuthTag(),
  ];
  const header = Buffer.alloc(5);
  header.writeUInt32BE(MOST_BODY_BYTES, 0);
  header.writeUInt8(ours.length, 4);
  return Buffer.concat([salt, header, ours, ...sealed]);
}

/** Whether these are keys of a browser: a point of the curve, and a secret of the right length. */
export function arePushKeys(keys: PushKeys): boolean {
  try {
    agreed(fresh(), keys);
    return true;
  } catch {
    return false;
  }
}

function agreed(sender: ECDH, { p256dh, auth }: PushKeys): Buffer {
  try {
    if (p256dh.length !== KEY_BYTES || auth.length !== AUTH_BYTES) throw new RangeError('length');
    return sender.computeSecret(p256dh);
  } catch (cause) {
    throw new Permanent('push-keys-invalid', 'These are no keys of a browser: a point of P-256, 16 bytes.', {
      cause,
    });
  }
}

function fresh(): ECDH {
  const made = createECDH(CURVE);
  made.generateKeys();
  return made;
}

function expand(input: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, bytes));
}

/** The message, the byte that ends the last record, and zeros. */
function padded(message: Buffer, step: number): Buffer {
  const length = Math.min(MOST_PLAIN_BYTES + 1, Math.ceil((message.length + 1) / step) * step);
  const filled = Buffer.alloc(length);
  message.copy(filled);
  filled.writeUInt8(2, message.length);
  return filled;
}
