/** Who asks: signed tokens (EdDSA, published keys) and signed links, with keys that live in one folder. */
export { type Auth, createAuth, type Principal, type TokenRequest } from './auth.ts';
export { readOrMakeKeyFile } from './key-file.ts';
export { rotateKeys } from './rotate-keys.ts';
export type { Keys } from './signing-keys.ts';
export { createUrlSigner, type IncomingRequest, type SignedRequest, type UrlSigner } from './url-signer.ts';
