import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { mute } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('hears somebody again, whether he was muted or not', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  await bench.within((tx) => mute(tx, { by: ann, user: bob }));
  for (const user of [bob, bob, randomUUID()])
    expect(await bench.give('user.unmute', { user }, { account: ann })).toMatchObject({ status: 204 });
  expect(await bench.fixture.rows('select from people.mute')).toEqual([]);
  expect(await bench.facts()).toEqual([]);
});
