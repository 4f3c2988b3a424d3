import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerFixture, type LedgerFixture, testTopology } from '../../test/ledger-fixture.ts';
import { planOf } from '../../test/plan-of.ts';
import { AFTER, AFTER_EACH, createHeardReader, ENDED_SESSIONS, FORGET, LASTS } from './heard.ts';
import { announce, createTickets, publish } from './index.ts';
import { MOVING } from './moving-runs.ts';

let fixture: LedgerFixture;
beforeAll(async () => {
  fixture = await createLedgerFixture(testTopology({}), { max: 24 });
});
afterAll(() => fixture.close());

let people = 0;
async function enrol(count: number): Promise<string[]> {
  people += 1;
  const rows = await fixture.rows<{ id: string }>(
    `insert into people.account (id, email, handle, name, password)
     select gen_random_uuid(), $1 || '_' || n, $1 || '_' || n, $1, 'none' from generate_series(1, $2::int) n
     returning id`,
    [`group${people}`, count],
  );
  return rows.map(({ id }) => id);
}

async function tell(
  to: readonly string[],
  n: number,
  { end = 'commit', ms = 0 }: { end?: 'commit' | 'rollback'; ms?: number } = {},
): Promise<void> {
  const client = await fixture.pool.connect();
  try {
    await client.query('begin');
    const query = async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as Row[];
    await publish({ query }, { to, type: 'message.sent', data: { n } });
    await sleep(ms);
    await client.query(end);
  } finally {
    client.release();
  }
}

describe('positions', () => {
  it('have no gap and never come late, whoever commits when', async () => {
    const [alice = '', bob = '', carol = ''] = await enrol(3);
    const groups = [[alice], [bob, alice], [carol, bob, alice], [alice, carol]];
    const heard = createHeardReader({ pool: fixture.pool });
    const seen: bigint[] = [];
    let isWriting = true;
    // Whoever looks at any moment sees a whole beginning of what he will have heard in the end.
    const looking = (async () => {
      while (isWriting) {
        const after = seen.at(-1) ?? 0n;
        seen.push(...(await heard.after(alice, after, 1_000)).map(({ position }) => position));
      }
    })();
    await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        for (let round = 0; round < 12; round += 1)
          await tell(groups[(writer + round) % 4] ?? [], writer * 100 + round, {
            end: (writer + round) % 5 === 0 ? 'rollback' : 'commit',
            ms: (writer * 7 + round) % 6,
          });
      }),
    );
    isWriting = false;
    await looking;
    const all = await heard.after(alice, 0n, 1_000);
    seen.push(
      ...all.filter(({ position }) => position > (seen.at(-1) ?? 0n)).map(({ position }) => position),
    );
    expect(all.length).toBeGreaterThan(120);
    expect(seen).toEqual(all.map((_, at) => BigInt(at + 1)));
    expect(await heard.last(alice)).toBe(BigInt(all.length));
    const numbers = all.map(({ frame }) => (frame.body.data as { n: number }).n);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (let writer = 0; writer < 16; writer += 1) {
      const own = numbers.filter((n) => Math.floor(n / 100) === writer);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it('are given to each once, to a thousand at a time, and to nobody who is gone', async () => {
    const group = await enrol(1_000);
    const gone = randomUUID();
    await tell([...group, ...group, gone], 1);
    await tell([gone], 2);
    await tell([], 3);
    const lasts = await createHeardReader({ pool: fixture.pool }).lasts([...group, gone, 'operator']);
    expect([...lasts.values()]).toEqual(group.map(() => 1n));
    await fixture.rows('delete from people.account where id = $1', [group[0]]);
    expect(await fixture.rows('select from people.heard where account = $1', [group[0]])).toEqual([]);
    await expect(tell(Array.from({ length: 5_001 }, randomUUID), 4)).rejects.toThrow(RangeError);
  });

  it('are kept for two days', async () => {
    const [alice = ''] = await enrol(1);
    const heard = createHeardReader({ pool: fixture.pool });
    const { ticket } = await createTickets({ pool: fixture.pool }).make({
      ...{ sub: alice, account: alice, expiresAt: new Date('2030-01-01') },
    });
    for (let n = 1; n <= 3; n += 1) await tell([alice], n);
    await fixture.rows(
      `update people.told set at = at - interval '49 hours'
       where id in (select told from people.heard where account = $1 and position <= 2)`,
      [alice],
    );
    await heard.prune();
    expect((await heard.after(alice, 0n, 10)).map(({ position }) => position)).toEqual([3n]);
    expect(await heard.last(alice)).toBe(3n);
    expect(await createTickets({ pool: fixture.pool }).redeem(ticket)).toMatchObject({ account: alice });
  });
});

it('a ticket is good for thirty seconds', async () => {
  const tickets = createTickets({ pool: fixture.pool });
  const holder = { sub: 'me', account: 'me', session: randomUUID(), expiresAt: new Date('2030-01-01') };
  const [first, second] = [await tickets.make(holder), await tickets.make(holder)];
  const redeemed = await Promise.all(Array.from({ length: 10 }, () => tickets.redeem(first.ticket)));
  expect(redeemed.filter((found) => found !== undefined)).toEqual([holder]);
  await fixture.rows("update people.stream_ticket set expires_at = expires_at - interval '31 seconds'");
  expect(await tickets.redeem(second.ticket)).toBeUndefined();
});

it('what is announced has room for 4 KB, and for as many people as there are', async () => {
  const group = await enrol(300);
  const client = await fixture.pool.connect();
  const texts: string[] = [];
  client.on('notification', ({ payload = '' }) => texts.push(payload));
  await client.query('listen millrace_announced');
  await announce(fixture.pool, { to: group, type: 'typing', data: { in: 'x'.repeat(4_000) } });
  await expect.poll(() => texts.flatMap((text) => (JSON.parse(text) as { to: string[] }).to)).toEqual(group);
  expect(texts.length).toBeGreaterThan(2);
  await expect(
    announce(fixture.pool, { to: group, type: 'typing', data: { in: 'x'.repeat(5_000) } }),
  ).rejects.toThrow(RangeError);
  client.release(true);
});

describe('with much in the tables', () => {
  beforeAll(async () => {
    const group = await enrol(2_000);
    await fixture.rows(
      `with told as (
         insert into people.told (type, data, at)
         select 'message.sent', '{}', now() - n * interval '1 second' from generate_series(1, 20000) n returning id
       ), hearers as (
         insert into people.hearer (account, last) select account, 20 from unnest($1::uuid[]) account returning account
       )
       insert into people.heard (account, position, told)
       select h.account, row_number() over (partition by h.account), t.id
       from (select account, row_number() over () as place from hearers) h
       join told t on t.id % 1000 = h.place % 1000`,
      [group],
    );
    await fixture.rows(
      `insert into people.session (id, account, family, token, client, created_at, used_at, expires_at)
       select gen_random_uuid(), account, sha256(account::text::bytea), '', '', now(), now(), now() + interval '1 day'
       from unnest($1::uuid[]) account`,
      [group],
    );
    await fixture.rows(
      `insert into ledger.run (id, flow, owner, title, state, settled_at)
       select gen_random_uuid(), 'video', 'owner' || n % 500, '', 'completed', now() - n * interval '1 minute'
       from generate_series(1, 20000) n`,
    );
    await fixture.rows('analyze');
  }, 120_000);

  const id = randomUUID();
  it.each<[string, string, readonly unknown[]]>([
    ['what comes after a position', AFTER, [id, '5', 200]],
    ['the same for many', AFTER_EACH, [[id], [5], 100]],
    ['last positions', LASTS, [[id]]],
    ['sessions that are over', ENDED_SESSIONS, [[id]]],
    ['what is too old', FORGET, [48, 500]],
    ['what is heard of a thing that goes', 'delete from people.heard where told = $1', ['7']],
    ['runs that move', MOVING, [['owner1'], ['video'], '2030-01-01', 500]],
  ])('%s is found by an index', async (_, text, values) => {
    const plan = await planOf(fixture, text, values);
    expect(plan).toMatch(/Index/);
    expect(plan).not.toMatch(/Seq Scan on (told|heard|hearer|session|run)/);
  });
});
