import { createHash, randomBytes } from 'node:crypto';

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const TOKEN = /^mrl_[A-Za-z0-9_-]{64}$/;

/** A token in a mail and what is kept of it. */
export interface MailedToken {
  /** For whoever reads the mail. */
  readonly text: string;
  /** The letter that it stands in. */
  readonly letter: string;
  readonly hash: Buffer;
}

/** 256 random bits behind the letter's id. */
export function newMailedToken(letter: string): MailedToken {
  return hashed(Buffer.from(letter.replaceAll('-', ''), 'hex'), randomBytes(SECRET_BYTES));
}

/** Undefined for what cannot be one of ours. */
export function readMailedToken(text: string): MailedToken | undefined {
  if (!TOKEN.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(4), 'base64url');
  return hashed(bytes.subarray(0, ID_BYTES), bytes.subarray(ID_BYTES));
}

function hashed(id: Buffer, secret: Buffer): MailedToken {
  return {
    text: `mrl_${Buffer.concat([id, secret]).toString('base64url')}`,
    letter: id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    // Of random bytes: there is nothing to guess, so no slow hash is needed.
    hash: createHash('sha256').update(secret).digest(),
  };
}
