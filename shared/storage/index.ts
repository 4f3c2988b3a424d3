/** Object storage: one narrow port and a driver for the filesystem. */
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
