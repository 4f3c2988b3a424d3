import { join } from 'node:path';
import type { Config } from '#shared/config';
import type { StoreSettings } from './open-store.ts';

/** Where the objects of each role are. */
export interface Stores {
  readonly artifacts: StoreSettings;
  readonly inbox: StoreSettings;
}

/** The stores that the configuration names: two buckets, or two folders of the data folder. */
export function storeSettings(config: Config): Stores {
  const { objects, s3, buckets, dataDir } = config;
  if (objects === 's3') {
    return {
      artifacts: { driver: 's3', ...s3, bucket: buckets.artifacts },
      inbox: { driver: 's3', ...s3, bucket: buckets.inbox },
    };
  }
  return {
    artifacts: { driver: 'filesystem', root: join(dataDir, 'objects', 'artifacts') },
    inbox: { driver: 'filesystem', root: join(dataDir, 'inbox') },
  };
}
