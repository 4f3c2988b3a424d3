/** Object storage: one narrow port, a driver for the filesystem, signed URLs for both. */
export type {
  ByteRange,
  ObjectInfo,
  ObjectPage,
  ObjectStore,
  PutOptions,
  StoredObject,
} from './object-store.ts';
