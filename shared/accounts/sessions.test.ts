import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { createOpenSessions } from './open-sessions.ts';
import { openSession } from './sessions.ts';

const bench: CommandBench = await createCommandBench();
const { pool, rows, shiftClock } = bench.fixture;
afterAll(() => bench.close());

const opened = async (account: string, client = 'a phone') => {
  const id = randomUUID();
  await bench.within((tx) => openSession(tx, { id, account, client }));
  return id;
};

it('of one person are at most a hundred: the one that was not used for longest makes room', async () => {
  const [account, other] = [await bench.somebody(), await bench.somebody()];
  const [first, second] = [await opened(account), await opened(account)];
  await opened(other);
  await rows(
    `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
     select gen_random_uuid(), $1, sha256(n::text::bytea), sha256('t'), 'n', now(), now() + interval '1 minute',
       now() + interval '1 day' from generate_series(1, 98) n`,
    [account],
  );
  await rows(`update people.session set used_at = now() + interval '2 minutes' where id = $1`, [first]);
  await shiftClock('3 minutes');
  const last = await opened(account);
  const left = (
    await rows<{ id: string }>('select id from people.session where account = $1', [account])
  ).map(({ id }) => id);
  expect(left).toHaveLength(100);
  expect([left.includes(first), left.includes(second), left.includes(last)]).toEqual([true, false, true]);
  expect(await rows('select from people.session where account = $1', [other])).toHaveLength(1);
});

it('of nobody is open that has expired, although its token may have longer to go', async () => {
  const account = await bench.somebody();
  const session = await opened(account);
  // Each asks for the first time: nothing is remembered.
  const find = () => createOpenSessions({ pool }).find(session);
  expect(await find()).toMatchObject({ account });
  await shiftClock('31 days');
  expect(await find()).toBeUndefined();
});
