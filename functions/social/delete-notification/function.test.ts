import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { tell } from '#shared/notifications';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const remove = (notification: unknown, account: string) =>
  bench.give('notification.delete', { notification }, { account });

it('removes one’s own, once, and it does not come again with the same occasion', async () => {
  const ada = await bench.somebody();
  const told = () =>
    bench.within((tx) => tell(tx, { kind: 'notice', subject: 's', key: 'k', to: [ada], title: 'News' }));
  await told();
  const list = () =>
    bench.fixture.rows<{ id: string }>('select id from people.notification where account = $1', [ada]);
  const [{ id } = { id: '' }] = await list();
  for (const account of [await bench.somebody(), 'operator'])
    expect(await remove(id, account)).toMatchObject({ status: 404 });
  expect(await remove(id, ada)).toMatchObject({ status: 204 });
  expect(await remove(id, ada)).toMatchObject({ status: 404 });
  expect(await remove(randomUUID(), ada)).toMatchObject({ status: 404 });
  expect(await remove('x', ada)).toMatchObject({ status: 400 });
  await told();
  expect(await list()).toEqual([]);
});
