import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Permanent, Transient } from '#shared/errors';
import type { Mail, Message } from '#shared/mail';
import { createTestBench, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.remove());

const data = { user: randomUUID(), template: 'hello', reference: randomUUID() };
const letter = { to: 'a@b.org', subject: 'Hello', text: 'Hello.', html: '<p>Hello.</p>', headers: {} };

async function send(mail: Mail['send'], { to = 'somebody' } = {}): Promise<Message[]> {
  const sent: Message[] = [];
  await bench.run({
    definition,
    events: [{ type: 'mail.requested', data }],
    ports: {
      letters: {
        async write(asked) {
          expect(asked).toEqual(data);
          return to === 'nobody' ? undefined : letter;
        },
      },
      mail: {
        send(message) {
          sent.push(message);
          return mail(message);
        },
      },
    },
  });
  return sent;
}

const taken = async () => ({ messageId: '<1@example.org>' });

it('sends what the template says, under the key of its delivery', async () => {
  const [message] = await send(taken);
  expect(message).toMatchObject({ ...letter, idempotencyKey: expect.stringMatching(/^delivery-/) });
});

it('sends nothing where there is nobody any more', async () => {
  expect(await send(taken, { to: 'nobody' })).toEqual([]);
});

it('comes again later where the server is away, and not where it refuses', async () => {
  const away = new Transient('mail-unreachable', 'The mail server cannot be spoken with.');
  await expect(send(() => Promise.reject(away))).rejects.toMatchObject({
    ...{ kind: 'transient', code: 'mail-unreachable', retryAfterMs: 30_000 },
  });
  const refused = new Permanent('mail-refused', 'The mail server refuses this mail.');
  await expect(send(() => Promise.reject(refused))).rejects.toBe(refused);
});
