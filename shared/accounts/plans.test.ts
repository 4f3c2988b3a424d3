import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { OPEN } from './open-sessions.ts';
import { BEGINNING, EVERYBODY } from './search.ts';

/** Without an index these would read every row; their number is what a small town has. */
const PEOPLE = 30_000;
let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), n || '@e.org', 'h' || md5(n::text), md5('n' || n), 'none' from generate_series(1, $1) n`,
    [PEOPLE],
  );
  await fixture.rows(
    `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
     select gen_random_uuid(), id, sha256(handle::bytea), '', '', now(), now(), now() + interval '1 day' from people.account`,
  );
  await fixture.rows(
    `insert into people.guess (key, failures, last_at, blocked_until)
     select sha256(handle::bytea), 1, now(), now() from people.account`,
  );
  await fixture.rows(
    `insert into people.block (blocker, blocked)
     select id, lead(id) over (order by id) from people.account order by id limit 10000`,
  );
  await fixture.rows(
    `insert into people.letter (id, account, template, email, created_at, expires_at)
     select gen_random_uuid(), id, 'verify-email', email, now(), now() + interval '1 day' from people.account`,
  );
  await fixture.rows('analyze');
}, 120_000);
afterAll(() => fixture?.close());

const ID = '00000000-0000-4000-8000-000000000000';

it.each<[string, string, readonly unknown[]]>([
  ['everybody', EVERYBODY, ['h5', 20, ID]],
  ['who begins so', BEGINNING, ['h5a', 'h5a\u{10ffff}', '', 20, ID]],
  ['by address', 'select id from people.account where email = $1', ['1@e.org']],
  [
    'sessions of one',
    'select id from people.session where account = $1 and revoked_at is null order by used_at desc limit 100',
    [ID],
  ],
  ['whether a session is open', OPEN, [ID]],
  [
    'a letter by its token',
    'select account from people.letter where id = $1 and $2 = any(hashes)',
    [ID, Buffer.alloc(32)],
  ],
  ['letters of one', "delete from people.letter where account = $1 and template = 'verify-email'", [ID]],
  ['letters that are old', 'select id from people.letter where expires_at < now() limit 10', []],
  ['a refresh token', 'select id from people.session where family = $1', [Buffer.alloc(32)]],
  ['sessions that are over', 'select id from people.session where expires_at < now() limit 10', []],
  [
    'guesses that are old',
    "select key from people.guess where last_at < now() - interval '1 day' order by last_at limit 100",
    [],
  ],
])('finds %s by an index', async (_, text, values) => {
  const plan = await planOf(fixture, text, values);
  expect(plan).not.toContain('Seq Scan');
  expect(plan).toMatch(/Index/);
});
