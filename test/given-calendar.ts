/** One `VEVENT` (RFC 5545). */
export const event = (uid: string, ...lines: string[]): string[] => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  ...lines,
  'END:VEVENT',
];

/** A file of events. */
export const file = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');

/** What a team shares: a series, an instance of it that was moved, and a day. */
export const team = (title = 'Stand-up'): string =>
  file(
    'X-WR-CALNAME:Team',
    ...event(
      'standup',
      `SUMMARY:${title}`,
      'DTSTART;TZID=Europe/Berlin:20260309T090000',
      'DURATION:PT15M',
      'RRULE:FREQ=DAILY',
      'SEQUENCE:1',
    ),
    ...event(
      'standup',
      'SUMMARY:Later',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260310T090000',
      'DTSTART;TZID=Europe/Berlin:20260310T110000',
    ),
    ...event('party', 'SUMMARY:Party', 'DTSTART;VALUE=DATE:20260401'),
  );
