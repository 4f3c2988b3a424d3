import { S3Client } from '@aws-sdk/client-s3';
import { type S3Limits, type S3StoreOptions, s3Limits } from './options.ts';

/** One bucket as the files of this driver see it. */
export interface Bucket {
  readonly name: string;
  readonly client: S3Client;
  /** For messages: where the bucket is. */
  readonly place: string;
  readonly limits: S3Limits;
}

export function openBucket(options: S3StoreOptions): Bucket {
  const { bucket, endpoint } = options;
  const limits = { ...s3Limits, ...options.limits };
  return {
    name: bucket,
    client: openClient({ ...options, limits, checksums: 'WHEN_SUPPORTED' }),
    place: `the bucket "${bucket}" at ${endpoint ?? 'AWS S3'}`,
    limits,
  };
}

/** A client whose URLs are for others: no checksum of ours in them, and the endpoint that they can reach. */
export function openSigningClient(options: S3StoreOptions): S3Client {
  return openClient({
    ...options,
    endpoint: options.publicEndpoint ?? options.endpoint,
    limits: { ...s3Limits, ...options.limits },
    checksums: 'WHEN_REQUIRED',
  });
}

function openClient(
  options: S3StoreOptions & { limits: S3Limits; checksums: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED' },
): S3Client {
  const { endpoint, region, addressing, credentials, limits, checksums } = options;
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: (addressing ?? (endpoint === undefined ? 'virtual-host' : 'path')) === 'path',
    maxAttempts: limits.attempts,
    requestChecksumCalculation: checksums,
    // Asked for where a whole object is read: some servers send the whole's checksum with a part of it.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: limits.connectMs,
      socketTimeout: limits.idleMs,
      httpAgent: { keepAlive: true, maxSockets: 64 },
      httpsAgent: { keepAlive: true, maxSockets: 64 },
      // Many uploads at once wait for a socket; that is meant, and no matter for the console.
      socketAcquisitionWarningTimeout: 600_000,
    },
  });
}
