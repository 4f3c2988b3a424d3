import type { Config } from '#shared/config';
import type { StoreSettings } from '#shared/storage';
import { dataPaths } from './paths.ts';

/** Where the objects of each role are, as it travels to processes of the platform. */
export interface Stores {
  readonly artifacts: StoreSettings;
  readonly inbox: StoreSettings;
}

export function storeSettings(config: Config): Stores {
  const { objects, s3, buckets, dataDir } = config;
  if (objects === 's3') {
    return {
      artifacts: { driver: 's3', ...s3, bucket: buckets.artifacts },
      inbox: { driver: 's3', ...s3, bucket: buckets.inbox },
    };
  }
  const paths = dataPaths(dataDir);
  return {
    artifacts: { driver: 'filesystem', root: paths.artifacts },
    inbox: { driver: 'filesystem', root: paths.inbox },
  };
}
