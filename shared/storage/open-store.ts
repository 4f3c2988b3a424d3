import { createFilesystemStore, type FilesystemStoreOptions } from './filesystem/filesystem-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { S3StoreOptions } from './s3/options.ts';
import { createS3Store } from './s3/s3-store.ts';

/** Which driver, and where: plain data, to be handed from process to process. */
export type StoreSettings =
  | ({ readonly driver: 'filesystem' } & FilesystemStoreOptions)
  | ({ readonly driver: 's3' } & S3StoreOptions);

export function openStore(settings: StoreSettings): Promise<ObjectStore> {
  return settings.driver === 's3' ? createS3Store(settings) : createFilesystemStore(settings);
}
