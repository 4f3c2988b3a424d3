import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('forgets one’s own browser, once', async () => {
  const ada = await bench.somebody();
  const subscription = randomUUID();
  await bench.fixture.rows(
    `insert into people.push_subscription (id, account, endpoint, endpoint_hash, p256dh, auth, client)
     values ($1, $2, 'https://push.example.org', '', '', '', '')`,
    [subscription, ada],
  );
  const forget = (account: string, id: string = subscription) =>
    bench.give('push.unsubscribe', { subscription: id }, { account });
  for (const account of [await bench.somebody(), 'operator'])
    expect(await forget(account)).toMatchObject({ status: 404 });
  expect(await forget(ada)).toMatchObject({ status: 204 });
  expect(await forget(ada)).toMatchObject({ status: 404 });
  expect(await forget(ada, 'x')).toMatchObject({ status: 400 });
});
