import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { PlannedQueue } from './plan.ts';
import { isSame, type Step } from './step.ts';

const NO_SUCH_QUEUE = /NonExistentQueue|QueueDoesNotExist/;
/** What a server says that speaks S3 alone (MinIO, Garage): its answer is no JSON, or it knows no such request. */
const NO_QUEUES = /SyntaxError|UnknownError|NotImplemented|MethodNotAllowed|InvalidArgument|InvalidRequest/;

/** The queue as it is, against the plan. */
export async function queueStep({ sqs, queue }: { sqs: SQSClient; queue: PlannedQueue }): Promise<Step> {
  const what = `queue ${queue.name}`;
  let there: Awaited<ReturnType<typeof attributesOf>>;
  try {
    there = await attributesOf(sqs, queue.name);
  } catch (error) {
    if (!(error instanceof Error && NO_QUEUES.test(error.name))) throw error;
    return { what, state: 'cannot', detail: 'this server has no queues' };
  }
  if (there === undefined) {
    return { what, state: 'create', detail: queue.about, apply: () => create(sqs, queue) };
  }
  const { arn, url } = there;
  const wanted = wantedAttributes(queue, arn);
  const wrong = Object.entries(wanted).filter(([name, value]) => !holds(name, there.attributes[name], value));
  if (wrong.length === 0) return { what, state: 'keep', detail: queue.about };
  const detail = wrong.map(([name, value]) =>
    `${name} ${name === 'Policy' ? '' : `${there.attributes[name]} → ${value}`}`.trim(),
  );
  return {
    what,
    state: 'change',
    detail: detail.join(', '),
    async apply() {
      const Attributes = Object.fromEntries(wrong);
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    },
  };
}

/** Where notifications are sent to. */
export async function queueArn({ sqs, name }: { sqs: SQSClient; name: string }): Promise<string | undefined> {
  return (await attributesOf(sqs, name))?.arn;
}

async function create(sqs: SQSClient, queue: PlannedQueue): Promise<void> {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: queue.name, Attributes: { ...queue.attributes } }),
  );
  // Its policy names it, so it must be there first.
  const there = await attributesOf(sqs, queue.name);
  const { Policy } = wantedAttributes(queue, there?.arn ?? '');
  if (Policy !== undefined)
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

function wantedAttributes(queue: PlannedQueue, arn: string): Record<string, string> {
  if (queue.takesFrom === undefined) return { ...queue.attributes };
  const [, partition, , , account] = arn.split(':');
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'notifications-of-one-bucket',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:${partition}:s3:::${queue.takesFrom}` },
          StringEquals: { 'aws:SourceAccount': account },
        },
      },
    ],
  });
  return { ...queue.attributes, Policy };
}

function holds(name: string, there: string | undefined, wanted: string): boolean {
  if (name !== 'Policy' || there === undefined) return there === wanted;
  try {
    return isSame(JSON.parse(there), JSON.parse(wanted));
  } catch {
    return false;
  }
}

async function attributesOf(
  sqs: SQSClient,
  name: string,
): Promise<{ url: string; arn: string; attributes: Record<string, string> } | undefined> {
  try {
    const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes: attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return { url, arn: attributes.QueueArn ?? '', attributes };
  } catch (error) {
    if (error instanceof Error && NO_SUCH_QUEUE.test(error.name)) return undefined;
    throw error;
  }
}
