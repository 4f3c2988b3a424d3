import { MillraceError, Permanent, Transient } from '#shared/errors';
import { aborted } from '../failures.ts';
import type { Bucket } from './client.ts';

/** What the SDK and Node throw, as far as it is looked at. */
interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number | undefined;
}

interface Diagnosis {
  readonly code: string;
  /** After the bucket's place: what is wrong. */
  readonly wrong: string;
  readonly remedy: string;
  readonly retryAfterMs?: number;
}

/**
 * What a failed request means to the caller: with endpoint, bucket and remedy. All are transient but those that
 * speak of the object itself: the installation is wrong then, not the work, which goes on when it is mended.
 */
export function storeFailure(request: {
  error: unknown;
  bucket: Bucket;
  key: string;
  signal?: AbortSignal | undefined;
}): unknown {
  const { error, bucket, key, signal } = request;
  if (error instanceof MillraceError) return error;
  if (signal?.aborted) return aborted(signal, key);
  const thrown = readThrown(error);
  if (thrown === undefined) return error;
  if (thrown.name === 'KeyTooLongError' || thrown.name === 'XMinioInvalidObjectName') {
    return new Permanent('key-blocked', `"${key}" cannot be stored: ${bucket.place} refuses such keys.`, {
      field: 'key',
      cause: error,
    });
  }
  if (thrown.name === 'EntityTooLarge') {
    return new Permanent('object-too-large', `"${key}" is larger than ${bucket.place} takes.`, {
      cause: error,
    });
  }
  if (isWithheld(thrown)) {
    return new Permanent(
      'object-unreadable',
      `"${key}": ${bucket.place} keeps it and does not hand it out (${thrown.name}: ${thrown.message.slice(0, 200)}). Store it anew, in a class that is read at once and without a key of your own (SSE-C).`,
      { field: 'key', cause: error },
    );
  }
  const found = diagnose(thrown, bucket);
  if (found === undefined) return error;
  return new Transient(found.code, `"${key}": ${bucket.place} ${found.wrong}. ${found.remedy}`, {
    cause: error,
    ...(found.retryAfterMs === undefined ? {} : { retryAfterMs: found.retryAfterMs }),
  });
}

/** It lies in an archive (Glacier), or only who stored it has the key (SSE-C). */
function isWithheld({ name, message }: Thrown): boolean {
  if (name === 'InvalidObjectState') return true;
  return name === 'InvalidRequest' && /stored using a form of Server Side Encryption/i.test(message);
}

/** The HTTP status of an error of the SDK. */
export function statusOf(error: unknown): number | undefined {
  return readThrown(error)?.status;
}

export function nameOf(error: unknown): string {
  return readThrown(error)?.name ?? '';
}

function readThrown(error: unknown): Thrown | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, $metadata: metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const first =
    error instanceof AggregateError ? (error.errors[0] as { code?: unknown } | undefined) : undefined;
  return {
    name: error.name,
    message: error.message,
    code: String(code ?? first?.code ?? ''),
    status: metadata?.httpStatusCode,
  };
}

const MINUTE = 60_000;

function diagnose(thrown: Thrown, { name: bucket }: Bucket): Diagnosis | undefined {
  const { name, code, status, message } = thrown;
  // The SDK calls these TimeoutError.
  if (/^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/.test(code) || message === 'aborted') {
    return {
      code: 'storage-connection-cut',
      wrong: 'cut the connection',
      remedy: 'It is tried again; if it goes on, see what lies between.',
    };
  }
  switch (name) {
    case 'NoSuchBucket':
    case 'InvalidBucketName':
      return {
        code: 'storage-bucket-missing',
        wrong: 'does not exist',
        remedy: `Create "${bucket}" (npm run provision does), or name another in ARTIFACTS_BUCKET or INBOX_BUCKET.`,
        retryAfterMs: MINUTE,
      };
    case 'CredentialsProviderError':
    case 'InvalidAccessKeyId':
    case 'InvalidClientTokenId':
    case 'SignatureDoesNotMatch':
    case 'ExpiredToken':
    case 'ExpiredTokenException':
    case 'InvalidToken':
    case 'InvalidSecurity':
      return {
        code: 'storage-credentials',
        wrong:
          name === 'CredentialsProviderError'
            ? 'was not asked: there are no credentials'
            : `refuses the credentials (${name})`,
        remedy:
          'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or a role to ones that it knows.',
        retryAfterMs: MINUTE,
      };
    case 'RequestTimeTooSkewed':
    case 'RequestExpired':
      return {
        code: 'storage-clock',
        wrong: "says that this machine's clock is wrong",
        remedy: 'Set the clock (NTP): it may differ by 15 minutes at most.',
        retryAfterMs: MINUTE,
      };
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return {
        code: 'storage-region',
        wrong: `is in another region (${message})`,
        remedy: 'Set AWS_REGION to the region of the bucket.',
        retryAfterMs: MINUTE,
      };
    case 'SlowDown':
    case 'ServiceUnavailable':
    case 'TooManyRequests':
    case 'TooManyRequestsException':
    case 'ThrottlingException':
    case 'RequestLimitExceeded':
    case 'XMinioServerNotInitialized':
      return {
        code: 'storage-busy',
        wrong: `asks for less at once (${name})`,
        remedy: 'It is tried again later; nothing is to do unless it goes on.',
        retryAfterMs: 10_000,
      };
    case 'XMinioStorageFull':
    case 'QuotaExceeded':
    case 'InsufficientStorage':
      return {
        code: 'disk-full',
        wrong: 'is full',
        remedy: 'Free some space, or raise the quota.',
        retryAfterMs: 30_000,
      };
    case 'BadDigest':
    case 'InvalidDigest':
    case 'XAmzContentChecksumMismatch':
    case 'XAmzContentSHA256Mismatch':
      return {
        code: 'storage-checksum',
        wrong: 'got other bytes than were sent',
        remedy: 'It is tried again; if it goes on, look for a proxy that changes bodies.',
      };
    case 'TimeoutError':
      return {
        code: 'storage-timeout',
        wrong: 'did not answer in time',
        remedy: 'See whether the endpoint is up and AWS_ENDPOINT_URL is right.',
        retryAfterMs: 10_000,
      };
    default:
  }
  if (message.startsWith('Checksum mismatch')) {
    return {
      code: 'storage-checksum',
      wrong: `sent other bytes than it keeps (${message})`,
      remedy:
        'It is tried again; if it goes on, look for a damaged disk of the store or a proxy that changes bodies.',
    };
  }
  if (
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(
      code,
    )
  ) {
    return {
      code: 'storage-unreachable',
      wrong: `cannot be reached (${code})`,
      remedy: 'See whether the endpoint is up and AWS_ENDPOINT_URL is right.',
      retryAfterMs: 10_000,
    };
  }
  if (status === 401 || status === 403) {
    return {
      code: 'storage-forbidden',
      wrong: `does not allow it (${name}, HTTP ${status})`,
      remedy: `Allow these credentials to list "${bucket}" and to get, put and delete its objects.`,
      retryAfterMs: MINUTE,
    };
  }
  if (status !== undefined) {
    return {
      code: status >= 500 ? 'storage-failed' : 'storage-refused',
      wrong: `answered ${name}, HTTP ${status} (${message.slice(0, 200)})`,
      remedy: 'See the log of the object store.',
    };
  }
  return undefined;
}
