import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { block } from '#shared/following';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('lets somebody come near again, once, and nobody whom another keeps away', async () => {
  const [ann, bob, carol] = [await bench.somebody(), await bench.somebody(), await bench.somebody()];
  for (const by of [ann, carol]) await bench.within((tx) => block(tx, { by, user: bob }));
  for (const user of [bob, bob, randomUUID()])
    expect(await bench.give('user.unblock', { user }, { account: ann })).toMatchObject({ status: 204 });
  expect(await bench.facts()).toEqual([{ type: 'user.unblocked', data: { user: bob, by: ann } }]);
  const left = await bench.fixture.rows<{ blocker: string }>('select blocker from people.block');
  expect(left).toEqual([{ blocker: carol }]);
});
