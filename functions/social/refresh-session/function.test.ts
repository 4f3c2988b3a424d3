import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openSession } from '#shared/accounts';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const refresh = (refreshToken: string) => bench.give('session.refresh', { refreshToken });
async function signedIn() {
  const [user, session] = [await bench.somebody(), randomUUID()];
  const { refreshToken } = await bench.within((tx) =>
    openSession(tx, { id: session, account: user, client: 'a phone' }),
  );
  return { user, session, refreshToken };
}

it('takes a token for the next one, and ends the session of one that comes twice', async () => {
  const { user, session, refreshToken } = await signedIn();
  const next = await refresh(refreshToken);
  expect(next).toMatchObject({ status: 200, body: { state: 'good', user, session, roles: ['user'] } });
  expect(await bench.facts()).toEqual([]);
  expect(await refresh(refreshToken)).toMatchObject({ status: 200, body: { state: 'reused' } });
  expect(await bench.facts()).toEqual([{ type: 'session.ended', data: { user, session, why: 'reuse' } }]);
  const { refreshToken: second } = next.body as { refreshToken: string };
  expect(await refresh(second)).toMatchObject({ status: 401, body: { code: 'session-over' } });
});

it('gives one of many at once the next one', async () => {
  const { refreshToken } = await signedIn();
  const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(refreshToken)));
  const states = answers.map(({ body }) => (body as { state?: string }).state ?? 'over');
  expect(states.filter((state) => state === 'good')).toHaveLength(1);
  expect(states.filter((state) => state === 'reused')).toHaveLength(1);
  await bench.facts();
});

it.each(['', 'x', `mrr_${'A'.repeat(86)}`, `mrl_${'A'.repeat(64)}`, '\0', '\ud800'])(
  'refuses what is no token of a session: %j',
  async (refreshToken) => {
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, body: { code: 'session-over' } });
    expect(await bench.facts()).toEqual([]);
  },
);

it('refuses one that expired', async () => {
  const { refreshToken } = await signedIn();
  await bench.fixture.rows("update people.session set expires_at = now() - interval '1 s'");
  expect(await refresh(refreshToken)).toMatchObject({ status: 401 });
});
