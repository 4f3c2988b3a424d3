import { MillraceError, Permanent, Transient } from '#shared/errors';

/** What the SDK (`name`), a proxy (`code`) or the socket says. */
interface Said {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const NO_SUCH_QUEUE = /NonExistentQueue|QueueDoesNotExist/;
const unknownKeys =
  /InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|AuthFailure/;
const CLOCK_SKEWED = /RequestTimeTooSkewed|RequestExpired/;
const FORBIDDEN = /AccessDenied|NotAuthorized/;

/** An error of the SDK in words that name endpoint, queue and remedy. */
export function queueError(error: unknown, { queue, endpoint }: { queue: string; endpoint: string }): Error {
  if (error instanceof MillraceError) return error;
  const said = (error ?? {}) as Said;
  const name = `${said.name ?? ''} ${said.code ?? ''}`;
  const where = `the queue "${queue}" at ${endpoint}`;
  const details = { queue, endpoint };
  const permanent = (code: string, message: string) =>
    new Permanent(code, message, { cause: error, details });
  if (NO_SUCH_QUEUE.test(name)) {
    return permanent(
      'queue-missing',
      `There is no queue "${queue}" at ${endpoint}. Make it: npm run provision -- --endpoint ${endpoint}`,
    );
  }
  if (/CredentialsProvider/.test(name)) {
    return permanent(
      'queue-credentials-missing',
      `There are no credentials for ${where}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or give the machine a role.`,
    );
  }
  if (unknownKeys.test(name)) {
    return permanent(
      'queue-credentials-refused',
      `The credentials are refused for ${where} (${said.name}). Correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  }
  if (CLOCK_SKEWED.test(name)) {
    return permanent(
      'queue-clock-skew',
      `This machine's clock differs too much for ${where} (${said.name}). Let it take its time from a time server.`,
    );
  }
  if (FORBIDDEN.test(name) || said.$metadata?.httpStatusCode === 403) {
    return permanent(
      'queue-forbidden',
      `These credentials may not use ${where}. Give them the policy of localstack/generated/iam that fits.`,
    );
  }
  if (/Region is missing/.test(said.message ?? '')) {
    return permanent(
      'queue-region-missing',
      `No region is given for ${where}. Set AWS_REGION, such as eu-central-1.`,
    );
  }
  const why = /AbortError|TimeoutError/.test(name)
    ? 'it did not answer in time'
    : (said.message ?? said.name ?? 'unknown');
  return new Transient(
    'queue-unreachable',
    `Cannot reach ${where}: ${why.slice(0, 200)}. Is it running? It is tried again.`,
    { cause: error, details },
  );
}
