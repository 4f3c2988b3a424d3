/** Object storage: one narrow port, a driver for the filesystem, signed URLs for both. */
export { createFilesystemStore, type FilesystemStoreOptions } from './filesystem/filesystem-store.ts';
export { checkKey, encodeKey } from './key.ts';
export { mediaTypeOf } from './media-type.ts';
export type {
  ByteRange,
  ObjectInfo,
  ObjectPage,
  ObjectStore,
  PutOptions,
  StoredObject,
} from './object-store.ts';
export { createUrlSigner, type SignedRequest, type UrlSigner } from './url-signer.ts';
