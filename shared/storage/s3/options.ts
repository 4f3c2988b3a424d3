/** Where a bucket is and how it is spoken to. Credentials come from the SDK's own chain where none are given. */
export interface S3StoreOptions {
  readonly bucket: string;
  /** Another server than AWS: `http://127.0.0.1:4566`. */
  readonly endpoint?: string | undefined;
  /** Default: that of the SDK's chain (`AWS_REGION`, the profile). */
  readonly region?: string | undefined;
  /** `path`: endpoint/bucket/key; `virtual-host`: bucket.endpoint/key. Default: path where an endpoint is given. */
  readonly addressing?: 'path' | 'virtual-host' | undefined;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Where clients outside reach the same bucket, for presigned URLs; default: `endpoint`. */
  readonly publicEndpoint?: string | undefined;
  readonly limits?: Partial<S3Limits>;
}

export interface S3Limits {
  /** A connection must stand after so long; milliseconds. */
  readonly connectMs: number;
  /** A request is given up when no byte moved for so long; milliseconds. */
  readonly idleMs: number;
  /** Tries of one request, the first included; the SDK waits longer before each, longest after 503 SlowDown. */
  readonly attempts: number;
  /** Size of a part; smaller bodies go in one request. S3 takes no less than 5 MIB but for the last. */
  readonly partBytes: number;
  /** Parts on their way at once: with `partBytes`, what one upload holds in memory. */
  readonly partsAtOnce: number;
  /** Larger objects are copied in parts of this size; S3 copies no more than 5 GiB in one request. */
  readonly copyPartBytes: number;
}

const MIB = 2 ** 20;

/** All defaults. */
export const s3Limits: S3Limits = {
  connectMs: 5_000,
  idleMs: 20_000,
  attempts: 4,
  // An object has 10,000 parts at most, so 78 GiB may come. Parts of 5 MiB, the least, took a tenth longer in all.
  partBytes: 8 * MIB,
  partsAtOnce: 3,
  copyPartBytes: 512 * MIB,
};
