import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('mutes somebody once, and nobody hears of it', async () => {
  const [ann, bob] = [await bench.somebody(), await bench.somebody()];
  const mute = (user: string) => bench.give('user.mute', { user }, { account: ann });
  for (let n = 0; n < 2; n += 1) expect(await mute(bob)).toMatchObject({ status: 204 });
  expect(await mute(ann)).toMatchObject({ status: 400, body: { code: 'mute-self' } });
  expect(await mute(randomUUID())).toMatchObject({ status: 404 });
  expect(await bench.facts()).toEqual([]);
  expect(await bench.fixture.rows('select muter, muted from people.mute')).toEqual([
    { muter: ann, muted: bob },
  ]);
});
