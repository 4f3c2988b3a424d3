import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPictureFiles } from '#shared/pictures';
import { createTestBench, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';

const id = { user: '0193b3f0-4d5e-8000-a000-000000000001', picture: '0193b3f0-4d5e-8000-a000-000000000002' };
const folder = `pictures/${id.user}/${id.picture}/`;
let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.remove());

const run = async (event: Parameters<TestBench['run']>[0]['events'][number]) => {
  await bench.run({
    definition,
    events: [event],
    ports: { pictureFiles: createPictureFiles({ store: bench.store }) },
  });
  const { objects } = await bench.store.list(`pictures/${id.user}/`);
  return objects.map(({ key }) => key);
};

test('removes what was sent, then all; others’ stay; twice is once', async () => {
  const other = `pictures/${id.user}/0193b3f0-4d5e-8000-a000-000000000003/small.webp`;
  for (const key of [`${folder}original`, `${folder}small.webp`, other])
    await bench.store.put(key, Buffer.from('x'));
  for (let turn = 0; turn < 2; turn += 1)
    expect(await run({ type: 'picture.ready', data: id })).toEqual([`${folder}small.webp`, other]);
  for (let turn = 0; turn < 2; turn += 1)
    expect(await run({ type: 'picture.removed', data: id })).toEqual([other]);
  await bench.store.put(`${folder}original`, Buffer.from('x'));
  expect(await run({ type: 'picture.refused', data: { ...id, code: 'picture-unreadable' } })).toEqual([
    other,
  ]);
});
