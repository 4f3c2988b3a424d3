import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandBench, createCommandBench } from '../../test/command-bench.ts';
import { markReadUpTo } from './change.ts';
import { notificationLetters } from './letter.ts';
import { notificationLinks } from './links.ts';
import { createNotifications } from './notifications.ts';
import { createPushes } from './pushes.ts';
import { tell } from './tell.ts';

/** What one command marks each, and some more. */
const [MARKED, OLDER] = [10_000, 40];
const bench: CommandBench = await createCommandBench();
afterAll(() => bench.close());
const { pool, rows } = bench.fixture;
const notifications = createNotifications({ pool });
const links = notificationLinks({ publicUrl: 'https://e.org', appUrl: undefined });

let ada = '';
let other = '';
/** The oldest of the list: one that is only mailed, and one that is mailed and pushed too. */
const [mailed, oldest] = [randomUUID(), randomUUID()];
const [mailing, subscription] = [randomUUID(), randomUUID()];
let seen = { at: new Date(0), id: '' };

beforeAll(async () => {
  [ada, other] = [await bench.somebody(), await bench.somebody()];
  for (const [text, ...values] of [
    ['update people.person set email_verified_at = now() where id = $1', ada],
    ['insert into people.notification_settings (account) values ($1)', ada],
    ['insert into people.mailing (id, account) values ($1, $2)', mailing, ada],
    [
      `insert into people.push_subscription (id, account, endpoint, endpoint_hash, p256dh, auth, client)
       values ($1, $2, 'https://e.org', '', '', '', '')`,
      ...[subscription, ada],
    ],
    [
      `insert into people.notification (account, kind, subject, in_app, changed_at)
       select a, 'notice', n::text, true, ledger.ledger_now() - n * interval '1 second'
       from unnest($1::uuid[]) a, generate_series(1, $2::int) n`,
      ...[[ada], MARKED + OLDER - 1],
    ],
    [
      `insert into people.notification (id, account, kind, subject, in_app, changed_at, mailing)
       values ($1, $3, 'notice', 'oldest', true, ledger.ledger_now() - interval '20 hours', $4),
         ($2, $3, 'notice', 'mailed', false, ledger.ledger_now() - interval '20 hours', $4)`,
      ...[oldest, mailed, ada, mailing],
    ],
    [
      `insert into people.notification (account, kind, subject, in_app, changed_at)
       values ($1, 'notice', 'of another', true, ledger.ledger_now() - interval '20 hours')`,
      other,
    ],
  ] as const)
    await rows(text, values);
  const [newest] = await notifications.list('listed', { account: ada, limit: 1 });
  seen = { at: newest?.changedAt ?? seen.at, id: newest?.id ?? '' };
});

const readsAll = () => bench.within((tx) => markReadUpTo(tx, { account: ada, upTo: seen }));
const tells = (subject: string) =>
  bench.within((tx) => tell(tx, { kind: 'notice', subject, key: randomUUID(), to: [ada], title: 'News' }));
const mail = () =>
  notificationLetters({ pool, publicUrl: 'https://e.org', links }).notifications({
    user: ada,
    reference: mailing,
  });
const push = () => createPushes({ pool, links }).due({ subscription, notification: oldest });

describe('who reads more together than one command marks', { timeout: 60_000 }, () => {
  it('has read all of it, by as many rows as one command writes, and one', async () => {
    expect(await mail()).toMatchObject({ subject: '2 things that you may have missed' });
    expect(await push()).toBeDefined();
    await tells('since');

    expect(await readsAll()).toBe(MARKED + OLDER);
    const written = await rows('select from people.notification where read_at is not null');
    expect(written).toHaveLength(MARKED);
    expect(await notifications.countUnread(ada)).toBe(1);
    expect(await notifications.countUnread(other)).toBe(1);
    expect(await notifications.list('unread', { account: ada, limit: 20 })).toMatchObject([
      { subject: 'since', readAt: null },
    ]);
    const [first] = await notifications.list('listed', { account: other, limit: 1 });
    expect(first).toMatchObject({ subject: 'of another', readAt: null });
    const before = { at: seen.at, id: seen.id };
    let [listed, place]: [number, typeof before | undefined] = [0, before];
    while (place !== undefined) {
      const page = await notifications.list('listed', { account: ada, before: place, limit: 5_000 });
      listed += page.length;
      for (const { readAt } of page) expect(readAt).not.toBeNull();
      const last = page.at(-1);
      place = last && { at: last.changedAt, id: last.id };
    }
    expect(listed).toBe(MARKED + OLDER - 1);
  });

  it('reads it once', async () => {
    expect(await readsAll()).toBe(0);
  });

  it('is neither mailed nor pushed what he read, but what never stood in his list', async () => {
    expect(await mail()).toMatchObject({ subject: expect.not.stringContaining('things') });
    expect(await push()).toBeUndefined();
    const sent = await notifications.list('all', { account: ada, limit: 20_000 });
    expect(sent.filter(({ readAt }) => readAt === null).map(({ subject }) => subject)).toEqual([
      'since',
      'mailed',
    ]);
  });

  it('is told anew of what goes on', async () => {
    await tells('oldest');
    expect(await notifications.list('unread', { account: ada, limit: 20 })).toMatchObject([
      { subject: 'oldest', occasions: 1 },
      { subject: 'since' },
    ]);
  });
});
