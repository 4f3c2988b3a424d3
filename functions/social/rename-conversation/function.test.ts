import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { openGroup } from '#shared/conversations';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('gives a group of one’s own another title, unless somebody was faster', async () => {
  const [alice, bob] = [await bench.somebody(), await bench.somebody()];
  const id = randomUUID();
  await bench.within((tx) => openGroup(tx, { id, account: alice, title: 'Old', members: [bob] }));
  const rename = (account: string, more: object = {}) =>
    bench.give('conversation.rename', { conversation: id, title: ' New ', ...more }, { account });
  expect(await rename(bob)).toMatchObject({ status: 403, body: { code: 'not-owner' } });
  expect(await rename(await bench.somebody())).toMatchObject({ status: 404 });
  expect(await rename(alice, { title: '\n' })).toMatchObject({ status: 400 });
  expect(await rename(alice, { versions: [2] })).toMatchObject({
    status: 412,
    body: { code: 'version-changed' },
  });
  expect(await rename(alice, { versions: [1] })).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await bench.fixture.rows('select title, version from people.conversation')).toEqual([
    { title: 'New', version: 2 },
  ]);
  const heard = await bench.fixture.rows(
    "select type, data from people.told where type = 'conversation.changed'",
  );
  expect(heard.at(-1)).toEqual({ type: 'conversation.changed', data: { conversation: id, version: 2 } });
});
