import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { block } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const follow = (account: string, user: string) => bench.give('user.follow', { user }, { account });

it('follows somebody, and asks a private account, once', async () => {
  const [ann, bob, secret] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  await bench.fixture.rows('update people.account set private = true where id = $1', [secret]);
  for (let n = 0; n < 2; n += 1) {
    expect(await follow(ann, bob)).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(await follow(ann, secret)).toMatchObject({ body: { state: 'requested' } });
  }
  expect(await bench.facts()).toEqual([
    { type: 'user.followed', data: { user: bob, by: ann } },
    { type: 'user.follow-requested', data: { user: secret, by: ann } },
  ]);
});

it('refuses oneself, nobody, whoever keeps one away and whom one keeps away', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  await bench.within((tx) => block(tx, { by: bob, user: ann }));
  expect(await follow(ann, ann)).toMatchObject({ status: 400, body: { code: 'follow-self' } });
  expect(await follow(ann, randomUUID())).toMatchObject({ status: 404 });
  expect(await follow(ann, bob)).toMatchObject({ status: 404 });
  expect(await follow(bob, ann)).toMatchObject({ status: 409, body: { code: 'user-blocked' } });
  expect(await follow(ann, 'bob')).toMatchObject({ status: 400 });
  expect(await follow('operator', ann)).toMatchObject({ status: 404 });
});

it('lets nobody follow more than 5,000', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  await bench.fixture.rows(
    `with made as (
       insert into people.account (id, email, handle, name, password)
       select gen_random_uuid(), 'm' || n, 'm' || n, 'm', 'none' from generate_series(1, 5000) n returning id
     ) insert into people.follow (follower, followed, state) select $1, id, 'accepted' from made`,
    [ann],
  );
  expect(await follow(ann, bob)).toMatchObject({ status: 409, body: { code: 'follows-too-many' } });
}, 60_000);
