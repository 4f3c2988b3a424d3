import { deadLetterName, inboundQueueName, wakeQueueName } from '#shared/queue';
import type { Topology } from '#shared/topology';
import { allow, type Names, queue, READ, RECEIVE, SEND, type Statement, s3, WRITE } from './policy.ts';

/** What `npm start` needs: one process that is every role, tries both buckets before it begins, and sweeps them. */
export function oneMachine({ topology, names }: { topology: Topology; names: Names }): readonly Statement[] {
  const { prefix, buckets } = names;
  const both = [s3(buckets.artifacts), s3(buckets.inbox)];
  const queues = [
    ...Object.keys(topology.profiles).map((lane) => wakeQueueName(prefix, lane)),
    ...Object.keys(topology.buckets ?? {}).map((bucket) => inboundQueueName(prefix, bucket)),
  ];
  return [
    allow(
      'objects',
      [...READ, ...WRITE, 's3:DeleteObject'],
      both.map((bucket) => `${bucket}/*`),
    ),
    allow('lists', ['s3:ListBucket', 's3:ListBucketMultipartUploads'], both),
    allow('is-woken', [...RECEIVE, 'sqs:SendMessage'], queues.map(queue)),
    allow(
      'puts-aside',
      SEND,
      queues.map((name) => queue(deadLetterName(name))),
    ),
  ];
}
