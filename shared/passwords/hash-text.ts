import { Permanent } from '#shared/errors';

/** An argon2id hash and what it was made with. */
export interface ArgonHash {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** A hash as text in the PHC string format, as every argon2 library reads and writes it. */
export function formatHash({ memory, passes, parallelism, salt, tag }: ArgonHash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** @throws Permanent `password-hash-unreadable` */
export function parseHash(hash: string): ArgonHash {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(hash) ?? [];
  if (salt === undefined || tag === undefined)
    throw new Permanent('password-hash-unreadable', 'A stored password is no argon2id hash in PHC format.');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

/** Base64 without padding. */
const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
