import { Permanent } from '#shared/errors';

/** SQS takes 80 characters, and the dead-letter queue's ending must fit. */
const NAME = /^[A-Za-z0-9_-]{1,75}$/;

/** The queue that carries the wake-ups of one lane. @throws Permanent `queue-name-invalid` */
export function wakeQueueName(prefix: string, lane: string): string {
  return checked(`${prefix}-wake-${lane}`);
}

/** The queue that a bucket's notifications come by. @throws Permanent `queue-name-invalid` */
export function inboundQueueName(prefix: string, bucket: string): string {
  return checked(`${prefix}-inbound-${bucket}`);
}

/** Where messages of a queue lie that could not be read. */
export function deadLetterName(queue: string): string {
  return `${queue}-dead`;
}

function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new Permanent(
    'queue-name-invalid',
    `"${name.slice(0, 100)}" cannot be the name of a queue: 1 to 75 letters, digits, dashes and underscores.`,
  );
}
