import type { AwsConnection } from '#shared/queue';
import type { StoreSettings } from '#shared/storage';
import type { StoredObjects } from './stored-objects.ts';

/** Where objects and wake-ups go, as processes of the platform under test are told; folders and Postgres where it is not said. */
export interface PlaceSettings {
  readonly artifacts: StoreSettings;
  readonly inbox: StoreSettings;
  /** Wake-ups, and notices of the inbox, by SQS. */
  readonly queues: {
    readonly connection: AwsConnection;
    readonly prefix: string;
    readonly lanes: readonly string[];
  };
}

/** Such a place, as a test that stands beside it sees it. */
export interface Place {
  readonly settings: PlaceSettings;
  readonly stored: StoredObjects;
  /** Puts an object into the inbox, as anybody outside does. */
  drop(key: string, text: string): Promise<void>;
  /** Empties the buckets. */
  empty(): Promise<void>;
  close(): void;
}
