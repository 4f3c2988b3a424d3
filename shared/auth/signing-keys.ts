import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import { z } from 'zod';
import { Permanent } from '#shared/errors';
import { readOrMakeKeyFile } from './key-file.ts';

/** The key that signs, and all keys that verify. */
export interface SigningKeys {
  readonly current: { readonly kid: string; readonly key: CryptoKey };
  /** By `kid`. */
  readonly verifiers: ReadonlyMap<string, CryptoKey>;
  readonly published: readonly JWK[];
}

/** An Ed25519 private key as a JWK (RFC 8037). */
const privateJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().min(1),
  d: z.string().min(1),
});

export const CURRENT_NAME = 'token-key.json';
/** A key that was retired: tokens that it signed stay good until they expire. */
const RETIRED_NAME = /^token-key\.retired-[\w-]+\.json$/;

/** Whether keys that are not there are made, or it is an error. */
export type Keys = 'made' | 'given';

/** Loads the keys, making the first one where the folder has none and they are not `given`. */
export async function loadSigningKeys(folder: string, keys: Keys, now: Date): Promise<SigningKeys> {
  const current = await toKey(
    CURRENT_NAME,
    await readOrMakeKeyFile({
      ...{ folder, name: CURRENT_NAME },
      make: keys === 'made' ? () => makePrivateJwk(now) : undefined,
    }),
  );
  const retired = (await readdir(folder)).filter((name) => RETIRED_NAME.test(name)).sort();
  const others = await Promise.all(
    retired.map(async (name) => toKey(name, await readFile(join(folder, name), 'utf8'))),
  );
  // A rotation that was interrupted left one under two names.
  const all = [...new Map([...others, current].map((key) => [key.kid, key])).values()].toReversed();
  return {
    current: { kid: current.kid, key: current.signer },
    verifiers: new Map(all.map(({ kid, verifier }) => [kid, verifier])),
    published: all.map(({ publicJwk }) => publicJwk),
  };
}

/** @param now from when on its age counts */
export async function makePrivateJwk(now: Date): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return `${JSON.stringify({ ...(await exportJWK(privateKey)), since: now.toISOString() })}\n`;
}

async function toKey(name: string, text: string) {
  const jwk = parseJwk(name, text);
  const { kty, crv, x } = jwk;
  const kid = await calculateJwkThumbprint({ kty, crv, x });
  const signer = await importJWK({ ...jwk, alg: 'EdDSA' });
  const verifier = await importJWK({ kty, crv, x, alg: 'EdDSA' });
  if (signer instanceof Uint8Array || verifier instanceof Uint8Array) throw unusable(name);
  const publicJwk: JWK = { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
  return { kid, signer, verifier, publicJwk };
}

function parseJwk(name: string, text: string): z.infer<typeof privateJwk> {
  try {
    return privateJwk.parse(JSON.parse(text));
  } catch {
    throw unusable(name);
  }
}

function unusable(name: string): Permanent {
  return new Permanent(
    'token-key-unusable',
    `${name} is no Ed25519 private key (JWK); restore it, or remove it so that a new one is made (all tokens then become invalid).`,
  );
}
