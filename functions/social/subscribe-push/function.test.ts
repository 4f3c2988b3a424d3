import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { openBrowser } from '../../../test/push-browser.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const endpoint = 'https://push.example.org/a-secret-address';
const subscribe = (account: string, given: object = {}) => {
  const { p256dh, auth } = openBrowser().keys;
  const keys = { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') };
  return bench.give('push.subscribe', { endpoint, ...keys, client: 'a phone', ...given }, { account });
};

it('keeps a browser, with its newest keys, as that of whoever used it last', async () => {
  const [ada, bob] = [await bench.somebody(), await bench.somebody()];
  const first = await subscribe(ada);
  expect(first).toMatchObject({ status: 200 });
  expect((await subscribe(ada)).body).toEqual(first.body);
  expect((await subscribe(bob)).body).not.toEqual(first.body);
  expect(await bench.fixture.rows('select account from people.push_subscription')).toEqual([
    { account: bob },
  ]);
  const [dump] = await bench.fixture.rows<{ all: string }>(
    `select concat((select string_agg(e::text, '') from ledger.event e), (select string_agg(d::text, '') from ledger.delivery d)) as all`,
  );
  expect(dump?.all).not.toContain('a-secret-address');
});

it.each([
  ['a point that is none', { p256dh: Buffer.alloc(65, 4).toString('base64url') }],
  ['a secret that is too short', { auth: 'AAAA' }],
  ['no keys', { p256dh: '', auth: '' }],
])('refuses %s', async (_, given) => {
  expect(await subscribe(await bench.somebody(), given)).toMatchObject({
    status: 400,
    body: { code: 'push-keys-invalid' },
  });
});

it('is of nobody for a token that the operator made', async () => {
  expect(await subscribe('operator')).toMatchObject({ status: 404 });
});

it('keeps twenty of each: the one that was made first makes room', async () => {
  const [ada, bob] = [await bench.somebody(), await bench.somebody()];
  await subscribe(bob, { endpoint: `${endpoint}/bob` });
  for (let n = 0; n < 21; n += 1) await subscribe(ada, { endpoint: `${endpoint}/${n}` });
  const kept = await bench.fixture.rows<{ endpoint: string }>(
    'select endpoint from people.push_subscription where account = $1',
    [ada],
  );
  expect(kept).toHaveLength(20);
  expect(kept).not.toContainEqual({ endpoint: `${endpoint}/0` });
  expect(kept).toContainEqual({ endpoint: `${endpoint}/20` });
});
