import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

it('tells whom it is for, by mail where the address answered, and leaves no word in the ledger', async () => {
  const ada = await bench.somebody();
  await bench.fixture.rows('update people.account set email_verified_at = now() where id = $1', [ada]);
  const send = (data: object, roles = ['admin']) =>
    bench.give(
      'notification.send',
      { user: ada, title: 'A very secret title', ...data },
      { account: 'boss', roles },
    );
  expect(await send({ text: 'Of all words.' })).toMatchObject({ status: 200 });
  expect(await bench.facts()).toMatchObject([
    { type: 'mail.requested', data: { user: ada, template: 'notifications' } },
  ]);
  const told = await bench.fixture.rows('select kind, title, body from people.notification');
  expect(told).toEqual([{ kind: 'notice', title: 'A very secret title', body: 'Of all words.' }]);
  const [dump] = await bench.fixture.rows<{ all: string }>(
    `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d)) as all`,
  );
  expect(dump?.all).not.toMatch(/secret title|all words/);
  expect(await send({}, ['user'])).toMatchObject({ status: 403 });
  expect(await send({ user: randomUUID() })).toMatchObject({ status: 404 });
  expect(await send({ user: 'ada' })).toMatchObject({ status: 400 });
});
