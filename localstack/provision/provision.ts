import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Permanent, Transient } from '#shared/errors';
import type { AwsConnection } from '#shared/queue';
import { bucketSteps, isUnable } from './bucket-steps.ts';
import type { Plan } from './plan.ts';
import { queueArn, queueStep } from './queue-steps.ts';
import type { Step } from './step.ts';

/** What a run of the plan came to. */
export interface Provisioned {
  readonly created: number;
  readonly changed: number;
  readonly kept: number;
  /** What this server has no such thing for. */
  readonly cannot: readonly string[];
}

const CONNECT_MS = 3_000;
const ANSWER_MS = 15_000;
const refusedKeys =
  /InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|AccessDenied|CredentialsProvider|^(401|403)$/;

/**
 * Brings S3 and SQS to what the plan says: looks, says every step, and only then changes what differs. Done twice it
 * changes nothing the second time.
 *
 * @param isDryRun looks and says, and changes nothing
 * @throws Transient `provision-unreachable`, Permanent `provision-refused`: naming endpoint, thing and remedy
 */
export async function provision(options: {
  plan: Plan;
  connection: AwsConnection;
  /** Where S3 alone answers, if not there. */
  s3Endpoint?: string | undefined;
  mode: 'apply' | 'dry-run';
  say: (line: string) => void;
}): Promise<Provisioned> {
  const { plan, connection, s3Endpoint = connection.endpoint, mode, say } = options;
  const endpoint = connection.endpoint ?? 'AWS';
  const { s3, sqs, close } = openClients(connection, s3Endpoint);
  try {
    const steps: (Step & { readonly at: string })[] = [];
    const arnOf = (name: string) => queueArn({ sqs, name });
    for (const queue of plan.queues) {
      const step = await told(endpoint, `queue ${queue.name}`, () => queueStep({ sqs, queue }));
      steps.push({ ...step, at: endpoint });
    }
    const hasQueues = steps.every(({ state }) => state !== 'cannot');
    for (const bucket of plan.buckets) {
      const parts = { s3, bucket, queueArn: hasQueues ? arnOf : undefined };
      const at = s3Endpoint ?? 'AWS';
      const found = await told(at, `bucket ${bucket.name}`, () => bucketSteps(parts));
      steps.push(...found.map((step) => ({ ...step, at })));
    }
    for (const step of steps) say(`  ${words[step.state].padEnd(8)} ${step.what} (${step.detail})`);
    const cannot = steps.filter(({ state }) => state === 'cannot').map(({ what }) => what);
    if (mode === 'apply') {
      for (const step of steps) {
        const isPossible = await told(step.at, step.what, () => applied(step));
        if (!isPossible) {
          say(`  cannot   ${step.what}: this server has no such thing`);
          cannot.push(step.what);
        }
      }
    }
    const count = (wanted: Step['state']) => steps.filter(({ state }) => state === wanted).length;
    return { created: count('create'), changed: count('change'), kept: count('keep'), cannot };
  } finally {
    close();
  }
}

const words = { create: '+ make', change: '~ change', keep: 'keep', cannot: 'cannot' } as const;

async function applied(step: Step): Promise<boolean> {
  try {
    await step.apply?.();
    return true;
  } catch (error) {
    if (isUnable(error)) return false;
    throw error;
  }
}

function openClients({ endpoint, region, credentials }: AwsConnection, s3Endpoint: string | undefined) {
  const shared = {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  const s3 = new S3Client({
    ...shared,
    ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }),
    forcePathStyle: s3Endpoint !== undefined,
  });
  const sqs = new SQSClient({
    ...shared,
    ...(endpoint === undefined ? {} : { endpoint }),
    useQueueUrlAsEndpoint: endpoint === undefined,
  });
  return {
    s3,
    sqs,
    close() {
      s3.destroy();
      sqs.destroy();
    },
  };
}

async function told<Value>(endpoint: string, what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { name, message, code, $metadata } = error as {
      name: string;
      message: string;
      code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    const why =
      `${name === 'Error' || name === 'AggregateError' ? (code ?? name) : name}${message === '' ? '' : `: ${message}`}`.slice(
        0,
        300,
      );
    if (refusedKeys.test(name) || refusedKeys.test(String($metadata?.httpStatusCode))) {
      throw new Permanent(
        'provision-refused',
        `The ${what} at ${endpoint}: these credentials may not look at it or make it (${why}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, to an administrator's.`,
        { cause: error },
      );
    }
    throw new Transient(
      'provision-unreachable',
      `The ${what} at ${endpoint} could not be looked at or made (${why}). Is it running? Correct --endpoint or AWS_ENDPOINT_URL, and run it again: what is done stands.`,
      { cause: error },
    );
  }
}
