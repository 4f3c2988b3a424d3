import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPasswords } from '#shared/passwords';
import { createCommandBench } from '../../../test/command-bench.ts';
import { lengthenWaits } from '../../../test/long-waits.ts';
import definition from './function.ts';

const PASSWORD = 'a long and quiet evening';
const bench = await createCommandBench(definition);
await lengthenWaits(bench.fixture);
let user = '';
beforeAll(async () => {
  const password = await createPasswords().hash(PASSWORD);
  user = await bench.somebody({ email: 'alice@example.org', password });
});
afterAll(() => bench.close());

const given = { email: 'alice@example.org', password: PASSWORD, address: '10.0.0.1', client: 'a phone' };
const signIn = (changes: object = {}) => bench.give('session.open', { ...given, ...changes });

it('opens a session for the right password, and keeps its token as a hash alone', async () => {
  const opened = await signIn({ email: ' ALICE@example.org' });
  expect(opened).toMatchObject({
    status: 200,
    body: { user, roles: ['user'], refreshToken: expect.stringMatching(/^mrr_/) },
  });
  const rows = await bench.fixture.rows('select id, account, client from people.session');
  const { session } = opened.body as { session: string };
  expect(rows).toEqual([{ id: session, account: user, client: 'a phone' }]);
  const [kept] = await bench.fixture.rows<{ all: string }>(
    `select string_agg(concat(e::text, d::text), '') as all from ledger.event e join ledger.delivery d on d.event = e.id`,
  );
  for (const secret of ['mrr_', PASSWORD, 'alice@', '10.0.0.1']) expect(kept?.all).not.toContain(secret);
});

it.each([
  ['a wrong password', { password: 'a long and loud evening' }],
  ['another spelling of it', { password: PASSWORD.toUpperCase() }],
  ['somebody unknown', { email: 'nobody@example.org' }],
  ['what is no address', { email: 'alice' }],
  ['a NUL', { email: 'alice\0@example.org' }],
  ['nothing', { email: '', password: '' }],
])('refuses %s as it refuses everything', async (_, changes) => {
  expect(await signIn(changes)).toMatchObject({ status: 401, body: { code: 'credentials-wrong' } });
  await bench.fixture.rows('truncate people.guess');
});

it('makes guessing slow', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 7; guess += 1) statuses.push((await signIn({ password: 'wrong' })).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
});
