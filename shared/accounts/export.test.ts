import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { EXPORT_PARTS } from './export-parts.ts';
import { createAccounts, EXPORT_START } from './index.ts';

let fixture: LedgerFixture;
const [me, other] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}));
  await fixture.rows(
    `insert into people.account (id, email, handle, name, password)
     select id, handle || '@e.org', handle, handle, 'none' from (values ($1::uuid, 'me'), ($2::uuid, 'other')) a (id, handle)`,
    [me, other],
  );
});
afterAll(() => fixture?.close());

/** What else refers to an account, and why it is not taken along. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'session.account': 'stands on every page',
  'notification_settings.account': 'stands on every page',
  'push_subscription.account': 'stands on every page',
  'block.blocked': 'what others think of him is theirs',
  'mute.muted': 'what others think of him is theirs',
  'follower_count.account': 'counted from what is there',
  'newest.author': 'the time of what is there',
  'mention.account': 'the words of others',
  'conversation.first': 'of its participants',
  'conversation.second': 'of its participants',
  'hearer.account': 'how far he has heard what stands elsewhere',
  'notification.actor': 'what others were told',
  'notification_actor.actor': 'what others were told',
  'mailing.account': 'which of his notifications stood in one mail',
  'notified.account': 'that he was told already',
};

it('names every table that says something of somebody', async () => {
  const rows = await fixture.rows<{ at: string }>(
    `select c.conrelid::regclass::text || '.' || a.attname as at
     from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
     where c.contype = 'f' and c.confrelid = 'people.person'::regclass order by 1`,
  );
  const found = rows.map(({ at }) => at.replace(/^people\./, ''));
  expect(found.length).toBeGreaterThan(15);
  const texts = Object.values(EXPORT_PARTS).join('\n');
  const taken = found.filter((at) => {
    const [table, column] = at.split('.');
    return new RegExp(`people\\.${table}\\b[^$]*?\\b${column} = \\$1`).test(texts);
  });
  expect(found.filter((at) => !taken.includes(at)).sort()).toEqual(
    Object.keys(LEFT_OUT)
      .filter((at) => found.includes(at))
      .sort(),
  );
});

it('gives all of it, page by page, and nothing of others', async () => {
  await fixture.rows(
    `insert into people.post (id, author, text, created_at)
     select gen_random_uuid(), $1, 'post ' || n, now() - n / 3 * interval '1 second' from generate_series(1, 25) n`,
    [me],
  );
  await fixture.rows(
    `insert into people.post (id, author, text) values (gen_random_uuid(), $1, 'not mine')`,
    [other],
  );
  await fixture.rows(
    'insert into people.follow (follower, followed, state) values ($1, $2, $3), ($2, $1, $3)',
    [...[me, other, 'accepted']],
  );
  // As one's own, and those of a database that was filled by other means: many in one millisecond.
  await fixture.rows(
    `insert into people.calendar (id, owner, kind, name, created_at)
     select gen_random_uuid(), $1, 'file', n::text, '2026-01-02T03:04:05.678Z'::timestamptz + n * interval '1 microsecond'
     from generate_series(1, 25) n`,
    [me],
  );
  const accounts = createAccounts({ pool: fixture.pool });
  const all: Record<string, object[]> = {};
  let pages = 0;
  for (let from: string | undefined = EXPORT_START; from !== undefined; pages += 1) {
    const page = await accounts.exported({ account: me, from, limit: 10 });
    if (page === undefined) throw new Error(from);
    all[page.kind] = [...(all[page.kind] ?? []), ...page.entries];
    from = page.next;
  }
  expect(pages).toBeLessThan(10);
  expect(all.posts?.map((post) => (post as { text: string }).text).sort()).toEqual(
    Array.from({ length: 25 }, (_, n) => `post ${n + 1}`).sort(),
  );
  expect(all.calendars?.map((calendar) => Number((calendar as { name: string }).name)).sort()).toEqual(
    Array.from({ length: 25 }, (_, n) => n + 1).sort(),
  );
  expect(all).toMatchObject({
    following: [{ user: other, state: 'accepted', at: expect.any(String) }],
    followers: [{ user: other }],
  });
  expect(JSON.stringify(all)).not.toContain('not mine');
});

it.each([
  '',
  'x',
  'posts~',
  'posts~2026-01-01T00:00:00.000Z~',
  'constructor',
  "posts~2026-01-01T00:00:00.000Z~'",
])('takes %j for no place in it', async (from) => {
  expect(
    await createAccounts({ pool: fixture.pool }).exported({ account: me, from, limit: 10 }),
  ).toBeUndefined();
});

it.each(Object.entries(EXPORT_PARTS))('asks for %s as the tables are', async (_, text) => {
  const { rows } = await fixture.pool.query(text, [
    me,
    'infinity',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    1,
  ]);
  for (const row of rows) expect(Object.keys(row).sort()).toEqual(['at', 'entry', 'id']);
});
