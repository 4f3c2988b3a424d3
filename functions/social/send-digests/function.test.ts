import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import { tickingAt } from '../../../test/ticking.ts';
import definition from './function.ts';

const bench = await createCommandBench();
afterAll(() => bench.close());

const { tick } = tickingAt(bench, definition);

it('puts each notification that waits into one mail, by five ticks at once', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => bench.somebody()));
  await bench.fixture.rows('insert into people.notification_settings (account) select unnest($1::uuid[])', [
    people,
  ]);
  // Of the last five nothing is due yet.
  await bench.fixture.rows(
    `insert into people.notification (account, kind, subject, in_app, mail_at)
     select account, 'liked', n::text, true,
       now() + case when at > 15 then interval '1 hour' else (n - 2) * interval '1 hour' end
     from unnest($1::uuid[]) with ordinality as p (account, at), generate_series(1, 4) n`,
    [people],
  );
  const mails = (await Promise.all([tick(), tick(), tick(), tick(), tick()])).flat();
  const asked = mails.map(({ data }) => (data as { user: string }).user).sort();
  expect(asked).toEqual(people.slice(0, 15).sort());
  const rows = await bench.fixture.rows<{ waiting: number; mailed: number; mails: number }>(
    `select count(mail_at)::int as waiting, count(mailing)::int as mailed, count(distinct mailing)::int as mails
     from people.notification`,
  );
  // What is due takes along what is not due yet of the same person.
  expect(rows).toEqual([{ waiting: 20, mailed: 60, mails: 15 }]);
  expect(await tick()).toEqual([]);
});

it('forgets what is half a year old', async () => {
  const user = await bench.somebody();
  await bench.fixture.rows(
    `insert into people.notification (account, kind, subject, in_app, changed_at)
     values ($1, 'liked', 'new', true, now()), ($1, 'liked', 'old', true, now() - interval '181 days')`,
    [user],
  );
  await tick();
  const left = await bench.fixture.rows('select subject from people.notification where account = $1', [user]);
  expect(left).toEqual([{ subject: 'new' }]);
});
