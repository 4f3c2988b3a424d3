import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { tell } from '#shared/notifications';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const read = (data: object, account: string) => bench.give('notification.read', data, { account });

it('marks up to what was seen, and not what was added to since', async () => {
  const ada = await bench.somebody();
  const told = (subject: string, key: string) =>
    bench.within((tx) => tell(tx, { kind: 'notice', subject, key, to: [ada], title: 'News' }));
  await told('first', '1');
  await told('second', '2');
  const [newest] = await bench.fixture.rows<{ id: string; at: Date }>(
    'select id, changed_at as at from people.notification where account = $1 order by changed_at desc, id desc limit 1',
    [ada],
  );
  const seen = { id: newest?.id, at: newest?.at.toISOString() };
  await told('first', '3');
  expect(await read({ upTo: seen }, ada)).toMatchObject({ status: 200, body: { marked: 1 } });
  expect(await read({ upTo: seen }, ada)).toMatchObject({ status: 200, body: { marked: 0 } });
  const unread = await bench.fixture.rows<{ id: string; subject: string; occasions: number }>(
    'select id, subject, occasions from people.notification where account = $1 and read_at is null',
    [ada],
  );
  expect(unread).toMatchObject([{ subject: 'first', occasions: 2 }]);
  const [{ id } = { id: '' }] = unread;
  expect(await read({ notification: id }, await bench.somebody())).toMatchObject({ status: 404 });
  expect(await read({ notification: id }, 'operator')).toMatchObject({ status: 404 });
  expect(await read({ notification: id }, ada)).toMatchObject({ status: 200, body: { marked: 1 } });
  expect(await read({ notification: id }, ada)).toMatchObject({ status: 200 });
});

it.each([
  ['nothing', {}],
  ['both', { notification: randomUUID(), upTo: { at: '2026-01-02T03:04:05Z', id: randomUUID() } }],
  ['no id', { notification: 'x' }],
  ['no time', { upTo: { at: 'now', id: randomUUID() } }],
])('refuses %s', async (_, data) => {
  expect(await read(data, await bench.somebody())).toMatchObject({ status: 400 });
});
