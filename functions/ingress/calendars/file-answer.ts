import { createHash } from 'node:crypto';
import { type WrittenEntry, writeCalendar } from '#shared/calendar';
import { noneMatches } from '#shared/http';
import type { HttpContext } from '../environment.ts';

export const CALENDAR_TYPE = 'text/calendar';

export const calendarFile = {
  200: {
    description: 'An iCalendar file (RFC 5545).',
    type: CALENDAR_TYPE,
    example: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n',
    headers: { ETag: 'Of what it holds, for `If-None-Match`.' },
  },
  304: { description: 'It is what you have.' },
} as const;

/** Answers with an iCalendar file, or that it has not changed. */
export function fileAnswer(
  c: HttpContext,
  file: { name: string; entries: readonly WrittenEntry[]; now: Date; known: string | undefined },
): Response {
  const text = writeCalendar(file);
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  c.header('ETag', etag);
  if (noneMatches(file.known, etag)) return c.body(null, 304);
  c.header('Content-Type', `${CALENDAR_TYPE}; charset=utf-8`);
  c.header('Content-Disposition', 'attachment; filename="calendar.ics"');
  return c.body(text, 200);
}
