/** Object storage: one narrow port, and drivers for a filesystem and for S3. */
export { CHECKS, checkStore } from './check-store.ts';
export { createFilesystemStore, type FilesystemStoreOptions } from './filesystem/filesystem-store.ts';
export { checkKey, isKey } from './key.ts';
export type {
  ByteRange,
  DirectUploads,
  ObjectInfo,
  ObjectPage,
  ObjectStore,
  PutOptions,
  SentPart,
  StoredObject,
} from './object-store.ts';
export { openStore, type StoreSettings } from './open-store.ts';
export type { S3StoreOptions } from './s3/options.ts';
export { createS3Store, type S3Store } from './s3/s3-store.ts';
export { type Stores, storeSettings } from './store-settings.ts';
