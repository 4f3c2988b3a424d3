import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openSession } from '#shared/accounts';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('ends the session of its token, once, and no other', async () => {
  const user = await bench.somebody();
  const [session, other] = [randomUUID(), randomUUID()];
  const { refreshToken } = await bench.within(async (tx) => {
    await openSession(tx, { id: other, account: user, client: 'a desk' });
    return openSession(tx, { id: session, account: user, client: 'a phone' });
  });
  const close = () => bench.give('session.close', { refreshToken });
  expect(await close()).toMatchObject({ status: 204 });
  expect(await close()).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([{ type: 'session.ended', data: { user, session, why: 'logout' } }]);
  const open = await bench.fixture.rows('select id from people.session where revoked_at is null');
  expect(open).toEqual([{ id: other }]);
});

it.each(['', 'x', `mrr_${'A'.repeat(86)}`, '\0'])(
  'answers a token that is none alike: %j',
  async (refreshToken) => {
    expect(await bench.give('session.close', { refreshToken })).toMatchObject({ status: 204 });
    expect(await bench.facts()).toEqual([]);
  },
);
