import { describe, expect, it } from 'vitest';
import { MillraceError, Permanent, Transient } from '#shared/errors';
import { deadLetterName, inboundQueueName, wakeQueueName } from './index.ts';
import { queueError } from './queue-error.ts';

const where = { queue: 'millrace-wake-cpu', endpoint: 'http://127.0.0.1:4566' };
const thrown = (name: string, message = 'said', more: object = {}) =>
  Object.assign(new Error(message), { name }, more);

describe('what SQS and the SDK say', () => {
  it.each([
    [thrown('QueueDoesNotExist'), 'queue-missing', 'npm run provision -- --endpoint http://127.0.0.1:4566'],
    [thrown('AWS.SimpleQueueService.NonExistentQueue'), 'queue-missing', 'npm run provision'],
    [thrown('CredentialsProviderError'), 'queue-credentials-missing', 'AWS_PROFILE'],
    [thrown('InvalidClientTokenId'), 'queue-credentials-refused', 'AWS_SECRET_ACCESS_KEY'],
    [thrown('SignatureDoesNotMatch'), 'queue-credentials-refused', 'AWS_SECRET_ACCESS_KEY'],
    [thrown('RequestTimeTooSkewed'), 'queue-clock-skew', 'time server'],
    [thrown('AccessDeniedException'), 'queue-forbidden', 'localstack/generated/iam'],
    [thrown('Odd', 'no', { $metadata: { httpStatusCode: 403 } }), 'queue-forbidden', 'policy'],
    [thrown('Error', 'Region is missing'), 'queue-region-missing', 'AWS_REGION'],
  ])('%s is for a person to mend, who is told how', (error, code, remedy) => {
    const told = queueError(error, where);
    expect(told).toBeInstanceOf(Permanent);
    expect(told).toMatchObject({ code });
    for (const word of [where.queue, where.endpoint, remedy]) expect(told.message).toContain(word);
  });

  it.each([
    [thrown('TimeoutError'), 'it did not answer in time'],
    [thrown('AbortError'), 'it did not answer in time'],
    [thrown('Error', 'connect ECONNREFUSED 127.0.0.1:4566'), 'ECONNREFUSED'],
    [thrown('ThrottlingException', 'Rate exceeded', { $metadata: { httpStatusCode: 400 } }), 'Rate exceeded'],
    [thrown('InternalError', 'x'.repeat(9_000), { $metadata: { httpStatusCode: 500 } }), 'xxx'],
    ['not even an error', 'unknown'],
    [undefined, 'unknown'],
  ])('%s passes, and is tried again', (error, words) => {
    const told = queueError(error, where);
    expect(told).toBeInstanceOf(Transient);
    expect(told).toMatchObject({ code: 'queue-unreachable' });
    expect(told.message).toContain(words);
    expect(told.message.length).toBeLessThan(500);
  });

  it('leaves errors of ours as they are', () => {
    const ours = new Permanent('some-code', 'Ours.');
    expect(queueError(ours, where)).toBe(ours);
  });
});

describe('names of queues', () => {
  it('say whose they are', () => {
    expect(wakeQueueName('millrace', 'cpu')).toBe('millrace-wake-cpu');
    expect(inboundQueueName('millrace', 'inbox')).toBe('millrace-inbound-inbox');
    expect(deadLetterName('millrace-wake-cpu')).toBe('millrace-wake-cpu-dead');
  });

  it.each(['a lane', 'lane.fifo', 'x'.repeat(80), 'ä', ''])('refuse %j', (lane) => {
    const name = () => wakeQueueName(lane === '' ? '?' : 'millrace', lane);
    expect(name).toThrow(MillraceError);
  });
});
