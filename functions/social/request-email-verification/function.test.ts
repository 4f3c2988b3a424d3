import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const ask = (account: string) =>
  bench.give('email.request-verification', { address: '10.0.0.1' }, { account });

it('asks for the mail, until the address is confirmed, and not without end', async () => {
  const user = await bench.somebody();
  const statuses: number[] = [];
  for (let time = 0; time < 7; time += 1) statuses.push((await ask(user)).status);
  expect(statuses).toEqual([204, 204, 204, 204, 204, 204, 429]);
  const facts = await bench.facts();
  expect(facts).toHaveLength(6);
  expect(facts[0]).toMatchObject({ type: 'mail.requested', data: { user, template: 'verify-email' } });
  await bench.fixture.rows('update people.account set email_verified_at = now()');
  expect(await ask(user)).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([]);
});

it('knows nobody who did not register', async () => {
  expect(await ask('operator')).toMatchObject({ status: 404 });
});
