import { describe, expect, it } from 'vitest';
import { expand, parseCalendar, writeCalendar } from './index.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string[] => [
  'BEGIN:VEVENT',
  'UID:a',
  'SUMMARY:A',
  ...lines,
  'END:VEVENT',
];

/** Of all that a calendar holds: when it takes place in 2026. */
function instants(text: string | Uint8Array, zone = 'UTC'): string[] {
  const { entries } = parseCalendar(text);
  const window = { from: NOW, to: new Date('2027-01-01T00:00:00Z'), limit: 20, zone };
  return entries
    .filter(({ recurrenceId }) => recurrenceId === undefined)
    .flatMap((entry) => {
      const lasts = ({ start, end }: { start: string; end: string }): number =>
        (Date.parse(`${end.padEnd(19, 'T00:00:00')}Z`) - Date.parse(`${start.padEnd(19, 'T00:00:00')}Z`)) /
        1_000;
      const moved = entries.flatMap((one) =>
        one.uid === entry.uid && one.recurrenceId !== undefined
          ? [{ ...one, recurrenceId: one.recurrenceId, duration: lasts(one) }]
          : [],
      );
      return expand({ ...entry, duration: lasts(entry), moved }, window);
    })
    .map(({ startsAt }) => startsAt.toISOString().slice(0, 16).replace('T', ' '));
}

const customZone = [
  'BEGIN:VTIMEZONE',
  'TZID:Customized Time Zone',
  ...['BEGIN:STANDARD', 'DTSTART:16011028T030000', 'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10'],
  ...['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'END:STANDARD'],
  ...['BEGIN:DAYLIGHT', 'DTSTART:16010325T020000', 'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3'],
  ...['TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200', 'END:DAYLIGHT'],
  'END:VTIMEZONE',
];

describe('tricky calendars', () => {
  it.each<[what: string, lines: readonly string[], instants: readonly string[]]>([
    ['a Windows name', event('DTSTART;TZID=W. Europe Standard Time:20260701T090000'), ['2026-07-01 07:00']],
    ['one in quotes', event('DTSTART;TZID="Pacific Standard Time":20260701T090000'), ['2026-07-01 16:00']],
    [
      'a name at the end of a path',
      event('DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20260701T090000'),
      ['2026-07-01 07:00'],
    ],
    [
      'a zone of its own, described',
      [...customZone, ...event('DTSTART;TZID=Customized Time Zone:20260701T090000')],
      ['2026-07-01 07:00'],
    ],
    [
      'a zone that nobody knows: that of the calendar',
      ['X-WR-TIMEZONE:Asia/Tokyo', ...event('DTSTART;TZID=Nowhere/Town:20260701T090000')],
      ['2026-07-01 00:00'],
    ],
    ['a floating time', event('DTSTART:20260701T090000'), ['2026-07-01 09:00']],
    ['a time in UTC', event('DTSTART:20260701T090000Z'), ['2026-07-01 09:00']],
    ['a time in the gap', event('DTSTART;TZID=America/New_York:20260308T023000'), ['2026-03-08 07:30']],
    [
      'EXDATE by a date, by UTC and by another zone',
      event(
        'DTSTART;TZID=Europe/Berlin:20260701T090000',
        'RRULE:FREQ=DAILY;COUNT=5',
        'EXDATE;VALUE=DATE:20260702',
        'EXDATE:20260703T070000Z',
        'EXDATE;TZID=America/New_York:20260704T030000',
      ),
      ['2026-07-01 07:00', '2026-07-05 07:00'],
    ],
    [
      'RDATE of dates, times and periods',
      event(
        'DTSTART;TZID=Europe/Berlin:20260701T090000',
        'RDATE;VALUE=DATE:20260703',
        'RDATE;VALUE=PERIOD:20260705T100000Z/PT1H,20260706T100000Z/20260706T110000Z',
      ),
      ['2026-07-01 07:00', '2026-07-03 07:00', '2026-07-05 10:00', '2026-07-06 10:00'],
    ],
    [
      'an instance that is moved, named in UTC',
      [
        ...event('DTSTART;TZID=Europe/Berlin:20260701T090000', 'RRULE:FREQ=WEEKLY;COUNT=3'),
        ...event('RECURRENCE-ID:20260708T070000Z', 'DTSTART;TZID=Asia/Tokyo:20260709T090000'),
      ],
      ['2026-07-01 07:00', '2026-07-09 00:00', '2026-07-15 07:00'],
    ],
    [
      'an instance that is moved, named by its day, before its series',
      [
        ...event('RECURRENCE-ID;VALUE=DATE:20260708', 'DTSTART;TZID=Europe/Berlin:20260708T180000'),
        ...event('DTSTART;TZID=Europe/Berlin:20260701T090000', 'RRULE:FREQ=WEEKLY;COUNT=2'),
      ],
      ['2026-07-01 07:00', '2026-07-08 16:00'],
    ],
    [
      'the newer of two versions',
      [
        ...event('DTSTART:20260702T090000Z', 'SEQUENCE:2'),
        ...event('DTSTART:20260701T090000Z', 'SEQUENCE:1'),
      ],
      ['2026-07-02 09:00'],
    ],
    [
      'the same SEQUENCE: the one that was changed last',
      [
        ...event('DTSTART:20260702T090000Z', 'LAST-MODIFIED:20260102T000000Z'),
        ...event('DTSTART:20260701T090000Z', 'LAST-MODIFIED:20260101T000000Z'),
      ],
      ['2026-07-02 09:00'],
    ],
    [
      'whole days with an UNTIL in UTC',
      event('DTSTART;VALUE=DATE:20260701', 'RRULE:FREQ=DAILY;UNTIL=20260702T000000Z'),
      ['2026-07-01 00:00', '2026-07-02 00:00'],
    ],
    [
      'a rule in small letters',
      event('dtstart:20260701T090000Z', 'rrule:freq=daily;count=2'),
      ['2026-07-01 09:00', '2026-07-02 09:00'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(instants(calendar(...lines))).toEqual(expected);
  });

  it('whole days begin when the day does, where one is', () => {
    const text = calendar(...event('DTSTART;VALUE=DATE:20260701'));
    expect(instants(text, 'Pacific/Auckland')).toEqual(['2026-06-30 12:00']);
    expect(instants(text, 'America/Los_Angeles')).toEqual(['2026-07-01 07:00']);
    expect(parseCalendar(text).entries[0]).toMatchObject({ start: '2026-07-01', end: '2026-07-02' });
  });

  it('text is unfolded within letters, unescaped, cut to one line, and rid of controls', () => {
    const line = Buffer.from('SUMMARY:Caf\u00e9\\, \\\\ \\nnew\u0007\u202eline');
    // A program that counts bytes cuts the letter in two.
    const at = line.indexOf(0xc3) + 1;
    const folded = Buffer.concat([line.subarray(0, at), Buffer.from('\r\n '), line.subarray(at)]);
    const lines = event('DTSTART:20260701T090000Z').filter((one) => !one.startsWith('SUMMARY'));
    const [before, after] = [
      calendar(...lines).split('DTSTART')[0] ?? '',
      'DTSTART:20260701T090000Z\nEND:VEVENT\nEND:VCALENDAR\n',
    ];
    const bytes = Buffer.concat([
      Buffer.from('\ufeff'),
      Buffer.from(before),
      folded,
      Buffer.from(`\r\n${after}`),
    ]);
    expect(parseCalendar(bytes).entries[0]?.title).toBe('Caf\u00e9, \\ newline');
  });

  it('an event that cannot be taken is named, and the others are taken', () => {
    const wrong = (uid: string, ...lines: string[]): string[] => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      ...lines,
      'END:VEVENT',
    ];
    const { entries, skipped } = parseCalendar(
      calendar(
        ...wrong('none'),
        ...wrong('no-day', 'DTSTART:20260230T000000Z'),
        ...wrong('early', 'DTSTART:20260701T090000Z', 'DTEND:20260701T080000Z'),
        ...wrong('long', 'DTSTART:20260701T090000Z', 'DURATION:P9999D'),
        ...wrong('secondly', 'DTSTART:20260701T090000Z', 'RRULE:FREQ=SECONDLY'),
        ...wrong('million', 'DTSTART:20260701T090000Z', 'RRULE:FREQ=DAILY;COUNT=1000000'),
        ...event('DTSTART:20260701T090000Z'),
      ),
    );
    expect(entries.map(({ uid }) => uid)).toEqual(['a']);
    expect(skipped.map(({ uid, code }) => `${uid} ${code}`)).toEqual([
      ...[
        'none entry-without-start',
        'no-day entry-without-start',
        'early entry-ends-early',
        'long entry-too-long',
      ],
      ...['secondly rule-too-frequent', 'million rule-too-long'],
    ]);
  });
});

describe('a hostile file', () => {
  const begun = 'BEGIN:VCALENDAR\r\n';
  it.each<[string, string, string]>([
    ['nothing', '', 'calendar-not-icalendar'],
    ['a page', '<!doctype html><p>BEGIN:VCALENDAR', 'calendar-not-icalendar'],
    ['an event without a calendar', 'BEGIN:VEVENT\nEND:VEVENT\n', 'calendar-not-icalendar'],
    ['one that is cut off', `${begun}BEGIN:VEVENT\r\n`, 'calendar-cut-off'],
    ['ends that nothing began', `${begun}END:VEVENT\r\nEND:VCALENDAR`, 'calendar-not-icalendar'],
    ['a deep one', `${begun}${'BEGIN:VEVENT\r\n'.repeat(100_000)}`, 'calendar-too-deep'],
    ['a large one', 'x'.repeat(5 * 1024 * 1024 + 1), 'calendar-too-large'],
    [
      'many events',
      `${begun}${'BEGIN:VEVENT\nDTSTART:20260701\nSUMMARY:a\nEND:VEVENT\n'.repeat(3_001)}END:VCALENDAR`,
      'calendar-too-many',
    ],
    [
      'many components',
      `${begun}${'BEGIN:VTODO\nEND:VTODO\n'.repeat(20_001)}END:VCALENDAR`,
      'calendar-too-many',
    ],
  ])('%s is refused', (_, text, code) => {
    expect(() => parseCalendar(text)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, string]>([
    [
      'one line of 5 MB',
      calendar(...event('DTSTART:20260701T090000Z', `DESCRIPTION:${'x'.repeat(5_000_000)}`)),
    ],
    [
      'a line folded 1,600,000 times',
      calendar(...event('DTSTART:20260701T090000Z', `DESCRIPTION:${'\n x'.repeat(1_600_000)}`)),
    ],
    [
      'a million dates',
      calendar(...event('DTSTART:20260701T090000Z', `EXDATE:${'20260701T090000Z,'.repeat(250_000)}`)),
    ],
    [
      'many parameters',
      calendar(...event('DTSTART:20260701T090000Z', `ATTENDEE${';A=B'.repeat(1_000_000)}:x`)),
    ],
    [
      'quotes that never end',
      calendar(
        ...event(
          'DTSTART:20260701T090000Z',
          ...Array.from({ length: 50_000 }, () => 'X;A="b'.padEnd(80, 'c')),
        ),
      ),
    ],
    ['backslashes', calendar(...event('DTSTART:20260701T090000Z', `DESCRIPTION:${'\\'.repeat(4_000_000)}`))],
    [
      'a thousand zones, each described',
      calendar(
        ...Array.from({ length: 1_000 }, (_, index) => [
          ...customZone.map((line) => line.replace('Customized', `Customized ${index}`)),
          ...event(
            `DTSTART;TZID=Customized ${index} Time Zone:20260701T090000`,
            `RECURRENCE-ID:2026070${index % 9}`,
          ),
        ]).flat(),
      ),
    ],
  ])('%s is read within its bounds', (_, text) => {
    const before = process.cpuUsage();
    const { entries } = parseCalendar(text);
    expect(JSON.stringify(entries).length).toBeLessThan(1_000_000);
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
  });
});

describe('what is written', () => {
  const text = calendar(
    'X-WR-CALNAME:Team; days\\, hours',
    ...event(
      'DTSTART;TZID=Europe/Berlin:20260701T090000',
      'DTEND;TZID=Europe/Berlin:20260701T103000',
      'RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20261231T225959Z',
      'EXDATE;TZID=Europe/Berlin:20260708T090000',
      'EXDATE;VALUE=DATE:20260715',
      'RDATE;TZID=Europe/Berlin:20260720T090000',
      `DESCRIPTION:${'Lines\\nof text\\; with \u{1f600} and '.repeat(20)}`,
      'LOCATION:Here\\, there',
      'SEQUENCE:3',
      'LAST-MODIFIED:20260102T030405Z',
    ),
    ...event(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260722T090000',
      'DTSTART;TZID=Asia/Tokyo:20260723T090000',
      'STATUS:CANCELLED',
    ),
    ...event('DTSTART:20260701T090000Z').map((line) => line.replace('UID:a', 'UID:utc')),
    ...event('DTSTART:20260701T090000').map((line) => line.replace('UID:a', 'UID:floating')),
    ...event('DTSTART;VALUE=DATE:20260701', 'DTEND;VALUE=DATE:20260703', 'RRULE:FREQ=YEARLY').map((line) =>
      line.replace('UID:a', 'UID:days'),
    ),
  );
  const read = parseCalendar(text);
  const entries = read.entries.map((entry) => ({ ...entry, changedAt: NOW }));
  const written = writeCalendar({ name: read.name, entries, now: NOW });

  it('is read as it was', () => {
    expect(read.name).toBe('Team; days, hours');
    expect(read.skipped).toEqual([]);
    const again = parseCalendar(written);
    const modifiedAt = expect.anything();
    expect(again).toEqual({ ...read, entries: read.entries.map((entry) => ({ ...entry, modifiedAt })) });
    expect(again.entries[0]?.modifiedAt).toEqual(new Date('2026-01-02T03:04:05Z'));
  });

  it('has lines of 75 bytes at most, and clocks for each of its zones', () => {
    const lines = written.split('\r\n');
    expect(lines.at(-1)).toBe('');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(lines.filter((line) => line.startsWith('TZID:'))).toEqual([
      'TZID:Europe/Berlin',
      'TZID:Asia/Tokyo',
    ]);
    expect(written).not.toContain('\ufffd');
  });

  it('tells the clocks of its zones so that they are known by them alone', () => {
    const anonymous = written.replaceAll('Europe/Berlin', 'Some Zone').replaceAll('Asia/Tokyo', 'Other Zone');
    expect(parseCalendar(anonymous).entries.map(({ zone }) => zone)).toEqual(
      read.entries.map(({ zone }) => zone),
    );
  });
});
