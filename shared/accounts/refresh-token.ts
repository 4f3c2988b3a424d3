import { createHash, randomBytes } from 'node:crypto';

/** 256 bits each: what all tokens of a session begin with, and what only the newest ends with. */
const HALF = 32;
const TOKEN = /^mrr_[A-Za-z0-9_-]{86}$/;

/** A refresh token and what is kept of it. */
export interface RefreshToken {
  /** For its holder alone. */
  readonly text: string;
  readonly familyHash: Buffer;
  readonly tokenHash: Buffer;
}

/**
 * Makes an opaque token; with `family` the next of that session.
 *
 * Who shows a good beginning with an old end had a token of this session once: it was stolen, from him or by him
 * (RFC 9700, section 4.14.2).
 */
export function newRefreshToken(family: Buffer = randomBytes(HALF)): RefreshToken {
  return hashed(family, randomBytes(HALF));
}

/** Undefined for what cannot be one of ours. */
export function readRefreshToken(text: string): (RefreshToken & { readonly family: Buffer }) | undefined {
  if (!TOKEN.test(text)) return undefined;
  const bytes = Buffer.from(text.slice(4), 'base64url');
  const family = bytes.subarray(0, HALF);
  return { ...hashed(family, bytes.subarray(HALF)), family };
}

function hashed(family: Buffer, end: Buffer): RefreshToken {
  return {
    text: `mrr_${Buffer.concat([family, end]).toString('base64url')}`,
    familyHash: sha256(family),
    tokenHash: sha256(end),
  };
}

/** Of random bytes: there is nothing to guess, so no slow hash is needed. */
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
