/** Queues of SQS (AWS, LocalStack, MiniStack): sent to and read in batches of ten; what cannot be read is put aside with the reason. */
export { type Consumer, consumeQueue, type Verdict } from './consume-queue.ts';
export { deadLetterName, inboundQueueName, wakeQueueName } from './names.ts';
export { type AwsConnection, openQueues, type Queues } from './open-queues.ts';
