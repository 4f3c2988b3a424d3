/** Object storage: one narrow port and a driver for the filesystem. */
export { createFilesystemStore, type FilesystemStoreOptions } from './filesystem/filesystem-store.ts';
export type {
  ByteRange,
  ObjectInfo,
  ObjectPage,
  ObjectStore,
  PutOptions,
  StoredObject,
} from './object-store.ts';
