import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const forgot = (email: string) => bench.give('password.request-reset', { email, address: '10.0.0.1' });

it('writes the same for who exists and who does not, and names neither', async () => {
  const user = await bench.somebody({ email: 'alice@example.org' });
  expect(await forgot(' Alice@example.org')).toEqual(await forgot('nobody@example.org'));
  const [known, unknown] = await bench.facts();
  expect(known).toMatchObject({ type: 'mail.requested', data: { user, template: 'reset-password' } });
  expect(unknown).toMatchObject({ type: 'mail.requested', data: { template: 'reset-password' } });
  expect(unknown).not.toMatchObject({ data: { user } });
  expect(JSON.stringify([known, unknown])).not.toContain('@');
});

it.each(['', 'alice', 'a\0@b.org', '\ud800', "' or 1=1", 'a@b.org\r\nBcc: c@d.org'])(
  'answers %j as it answers everybody',
  async (email) => {
    expect(await forgot(email)).toMatchObject({ status: 204 });
    expect(await bench.facts()).toHaveLength(1);
  },
);
