/** Who asks: signed tokens (EdDSA, published keys) and signed links, with keys that live in one folder. */
export { type Auth, createAuth, type Principal, type TokenRequest } from './auth.ts';
export { createUrlSigner, type IncomingRequest, type SignedRequest, type UrlSigner } from './url-signer.ts';
