import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openSession } from '#shared/accounts';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('ends a session of one’s own, and says of others’ that there is none', async () => {
  const [user, other] = [await bench.somebody(), await bench.somebody()];
  const session = randomUUID();
  await bench.within((tx) => openSession(tx, { id: session, account: user, client: 'a phone' }));
  const revoke = (account: string, id = session) =>
    bench.give('session.revoke', { session: id }, { account });
  const refused = { status: 404, body: { code: 'not-found' } };
  expect(await revoke(other)).toMatchObject(refused);
  expect(await revoke('operator')).toMatchObject(refused);
  expect(await revoke(user, randomUUID())).toMatchObject(refused);
  expect(await bench.give('session.revoke', { session: 'x' }, { account: user })).toMatchObject({
    status: 400,
  });
  expect(await bench.facts()).toEqual([]);
  expect(await revoke(user)).toMatchObject({ status: 204 });
  expect(await revoke(user)).toMatchObject(refused);
  expect(await bench.facts()).toEqual([{ type: 'session.ended', data: { user, session, why: 'revoked' } }]);
});
