import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { createCommandBench } from '../../../test/command-bench.ts';
import definition from './function.ts';

const bench = await createCommandBench(definition);
afterAll(() => bench.close());

const calendar = (...events: string[]): string =>
  ['BEGIN:VCALENDAR', 'X-WR-CALNAME:Clubs', ...events, 'END:VCALENDAR', ''].join('\r\n');
const chess = 'BEGIN:VEVENT\r\nUID:chess\r\nSUMMARY:Chess\r\nDTSTART:20260301T180000Z\r\nEND:VEVENT';
const never = 'BEGIN:VEVENT\r\nUID:never\r\nDTSTART:20260301T180000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT';
const file = (text: string): string => Buffer.from(text).toString('base64');

it('takes what it can, names what it cannot, and tells of numbers alone', async () => {
  const account = await bench.somebody();
  const answer = await bench.give('calendar.import', { file: file(calendar(chess, never)) }, { account });
  expect(answer).toMatchObject({
    status: 200,
    body: { isNew: true, added: 1, changed: 0, skipped: [{ uid: 'never', code: 'rule-too-frequent' }] },
  });
  const { calendar: id } = answer.body as { calendar: string };
  expect(await bench.facts()).toEqual([
    { type: 'calendar.imported', data: { user: account, calendar: id, added: 1, changed: 0, removed: 0 } },
  ]);
  expect(await bench.fixture.rows('select name, kind, due_at from people.calendar')).toEqual([
    { name: 'Clubs', kind: 'file', due_at: null },
  ]);
  expect(
    await bench.fixture.rows("select from ledger.event where data::text ~ 'Chess|Clubs|VEVENT'"),
  ).toEqual([]);
});

it('asks nobody for a feed: that is done where nobody waits', async () => {
  let connections = 0;
  const server = createServer().on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const account = await bench.somebody();
  const url = `webcal://${host}/secret-address.ics`;
  const answer = await bench.give('calendar.import', { url, name: 'Mine' }, { account });
  server.close();
  const { calendar: id } = answer.body as { calendar: string };
  expect(await bench.facts()).toEqual([
    { type: 'calendar.refresh-requested', data: { user: account, calendar: id } },
  ]);
  expect(connections).toBe(0);
  expect(await bench.fixture.rows('select url, state from people.calendar where id = $1', [id])).toEqual([
    { url: `https://${host}/secret-address.ics`, state: 'waiting' },
  ]);
  expect(
    await bench.fixture.rows("select from ledger.event where data::text like '%secret-address%'"),
  ).toEqual([]);
});

it('takes a cancellation (RFC 5546, section 3.2.5) of one instance, and of a whole series', async () => {
  const account = await bench.somebody();
  const give = (text: string) => bench.give('calendar.import', { file: file(text) }, { account });
  const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:tea', ...lines, 'END:VEVENT'].join('\r\n');
  const daily = ['DTSTART:20260301T160000Z', 'RRULE:FREQ=DAILY'];
  const standing = () =>
    bench.fixture.rows(
      'select recurrence_id as instance, status from people.gathering where owner = $1 order by instance nulls first',
      [account],
    );
  await give(calendar(event('SUMMARY:Tea', ...daily)));
  const second = ['RECURRENCE-ID:20260302T160000Z', 'DTSTART:20260302T160000Z', 'SEQUENCE:1'];
  expect(await give(calendar('METHOD:CANCEL', event(...second)))).toMatchObject({
    body: { isNew: false, added: 1, changed: 0, skipped: [] },
  });
  const instance = '2026-03-02T16:00:00';
  expect(await standing()).toEqual([
    { instance: null, status: 'scheduled' },
    { instance, status: 'cancelled' },
  ]);
  expect(await give(calendar('METHOD:CANCEL', event('SEQUENCE:2', ...daily)))).toMatchObject({
    body: { added: 0, changed: 1 },
  });
  expect(await standing()).toEqual([
    { instance: null, status: 'cancelled' },
    { instance, status: 'cancelled' },
  ]);
});

it('is for those who registered, and each has only so many', async () => {
  const given = { file: file(calendar(chess)), name: 'One more' };
  expect(await bench.give('calendar.import', given, { account: 'operator' })).toMatchObject({ status: 404 });
  const account = await bench.somebody();
  await bench.fixture.rows(
    `insert into people.calendar (id, owner, kind, name)
     select gen_random_uuid(), $1, 'file', n::text from generate_series(1, 50) n`,
    [account],
  );
  expect(await bench.give('calendar.import', given, { account })).toMatchObject({
    status: 409,
    body: { code: 'calendars-too-many' },
  });
  expect(await bench.give('calendar.import', { ...given, name: '7' }, { account })).toMatchObject({
    status: 200,
  });
});

it.each<[what: string, data: object, code: string]>([
  ['neither a file nor a feed', {}, 'command-invalid'],
  ['both', { file: file(calendar(chess)), url: 'https://example.org/' }, 'command-invalid'],
  ['what is no base64', { file: '<calendar>' }, 'command-invalid'],
  ['what is no calendar', { file: file('chess at six') }, 'calendar-not-icalendar'],
  ['nothing that can be taken', { file: file(calendar(never)) }, 'calendar-unusable'],
  ['an address in a private network', { url: 'http://10.0.0.1/' }, 'outbound-address-refused'],
  ['an address of a file here', { url: 'file:///etc/passwd' }, 'outbound-url-invalid'],
])('refuses %s', async (_, data, code) => {
  const account = await bench.somebody();
  expect(await bench.give('calendar.import', data, { account })).toMatchObject({
    status: 400,
    body: { code },
  });
});
