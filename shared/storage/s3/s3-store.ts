import type { ObjectStore } from '../object-store.ts';
import type { S3StoreOptions } from './options.ts';

/**
 * A bucket of S3, or of a server that speaks its protocol. The SDK is loaded here and not before: what needs no
 * bucket starts without it.
 */
export async function createS3Store(options: S3StoreOptions): Promise<S3Store> {
  const { openS3Store } = await import('./open-store.ts');
  return openS3Store(options);
}

export interface S3Store extends ObjectStore {
  /** Ends its connections. */
  close(): void;
}
