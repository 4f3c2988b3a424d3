import { z } from '@hono/zod-openapi';
import { MAX_CALENDAR_BYTES } from '#shared/calendar';
import { HttpProblem, notFound, readBytes } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { invalidRequest } from '../request/invalid-request.ts';
import { defineRoute, type Route } from '../route.ts';
import type { CalendarPorts } from './calendar-routes.ts';
import { calendarView } from './calendar-view.ts';
import { CALENDAR_TYPE } from './file-answer.ts';
import { calendarName, importBody, importedCalendar } from './schemas.ts';

const limits = { maxBytes: MAX_CALENDAR_BYTES, timeoutMs: 60_000 };

const count = z.int();
const reply = z.object({
  calendar: z.string(),
  isNew: z.boolean(),
  added: count,
  changed: count,
  skipped: z.array(z.object({ uid: z.string(), code: z.string(), detail: z.string() })),
});

type Source = { readonly url: string } | { readonly file: string };

/** One path for what comes at once, what was uploaded before, and what is looked at again and again. */
export function importRoute({ calendars, send, inbox }: CalendarPorts): Route {
  async function sourceOf(
    c: HttpContext,
    account: string,
    body: z.infer<typeof importBody> | undefined,
  ): Promise<Source> {
    if (body === undefined) return { file: base64(await readBytes(c.req.raw, limits)) };
    const { url, upload } = body;
    if ((url === undefined) === (upload === undefined))
      throw invalidRequest([{ field: 'url', message: 'Give either url or upload.' }]);
    if (url !== undefined) return { url };
    const found = await inbox?.finished({ id: upload ?? '', account });
    if (found === undefined) throw notFound('finished upload');
    if (found.type !== CALENDAR_TYPE)
      throw invalidRequest([{ field: 'upload', message: 'This upload is no .ics file.' }]);
    const pieces: Buffer[] = [];
    for await (const piece of await found.read()) pieces.push(piece as Buffer);
    return { file: base64(Buffer.concat(pieces)) };
  }

  return defineRoute({
    method: 'post',
    path: '/calendars/import',
    operationId: 'importCalendar',
    tag: 'Calendars',
    summary: 'Import a calendar',
    description:
      'An iCalendar file (the body itself as text/calendar, at most 5 MB and 3,000 events, or an upload of yours) or the address of a feed. Its events are for you alone. The same file or feed again is the same calendar: each event by its UID and RECURRENCE-ID, none twice. What a feed holds no more is removed.',
    access: 'token',
    rate: 'counted',
    query: z.strictObject({
      name: calendarName.optional().openapi({
        type: 'string',
        description: 'Of the calendar, for a file in the body; that of the file where left out.',
        example: 'Team',
      }),
    }),
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    body: importBody.optional(),
    bytes: [CALENDAR_TYPE],
    responses: {
      200: {
        description: 'A calendar that you had: what is new and changed.',
        schema: importedCalendar,
      },
      201: {
        description: 'A calendar that you had not.',
        schema: importedCalendar,
        headers: { Location: 'Its own path.' },
      },
      400: {
        description:
          'The file is no iCalendar, none of its events can be taken, the address is none that is asked, or a field is wrong.',
      },
      404: { description: 'There is no such upload, or the token is of nobody who registered.' },
      409: { description: 'You have 50 calendars, or the Idempotency-Key came before with another request.' },
      413: { description: 'More than 5 MB, or JSON of more than 300 KB.' },
      415: { description: 'The body is neither text/calendar nor JSON in UTF-8.' },
    },
    async handle({ c, principal, query, headers, body }) {
      const source = await sourceOf(c, principal.account, body);
      const name = body?.name ?? query.name;
      const done = await send({
        ...{ c, type: 'calendar.import', data: { ...source, name }, principal, reply },
        idempotencyKey: headers['idempotency-key'],
      });
      const { calendar: id, isNew, ...counts } = done;
      const found = await calendars.find({ owner: principal.account, id });
      // Imported by an earlier request with this key, and gone since.
      if (found === undefined) throw notFound('calendar');
      if (isNew) c.header('Location', `/calendars/${id}`);
      return c.json({ calendar: calendarView(found), ...counts }, isNew ? 201 : 200);
    },
  });
}

function base64(bytes: Uint8Array): string {
  if (bytes.byteLength === 0)
    throw new HttpProblem({
      status: 400,
      code: 'calendar-empty',
      detail: 'The body is empty; send the file.',
    });
  if (bytes.byteLength > MAX_CALENDAR_BYTES)
    throw new HttpProblem({
      status: 413,
      code: 'calendar-too-large',
      detail: `A calendar has at most ${MAX_CALENDAR_BYTES} bytes.`,
    });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
