import { z } from 'zod';
import { MAX_CALENDAR_BYTES, type ParsedCalendar, parseCalendar } from '#shared/calendar';
import { applyEntries, openCalendar } from '#shared/calendars';
import { Permanent } from '#shared/errors';
import { defineFunction, secret } from '#shared/function';

const count = z.int().nonnegative();
const data = z
  .strictObject({
    /** That of the file where left out. */
    name: secret(z.string().min(1).max(100)).optional(),
    /** Of a file: its bytes, in base64. */
    file: secret(z.base64().max(Math.ceil(MAX_CALENDAR_BYTES / 3) * 4)).optional(),
    /** Of a feed: it may open what its owner shows nobody. */
    url: secret(z.string().max(2_000)).optional(),
  })
  .refine(({ file, url }) => (file === undefined) !== (url === undefined), {
    error: 'Send a file or a url.',
  });

const reply = z.object({
  calendar: z.uuid(),
  isNew: z.boolean(),
  added: count,
  changed: count,
  skipped: z.array(z.object({ uid: z.string(), code: z.string(), detail: z.string() })),
});

/** A file is read at once; a feed where nobody waits for it. */
export default defineFunction({
  name: 'import-calendar',
  summary:
    'Takes the events of an iCalendar file, or subscribes to a feed of them; the same again changes nothing.',
  command: { type: 'calendar.import', data, reply },
  needs: ['outbound'],
  async handle({ data: { name, file, url }, delivery, principal }, { outbound }) {
    const owner = principal.account;
    if (url !== undefined) {
      const address = await outbound.check(url);
      const wanted = {
        id: delivery.id,
        owner,
        name: name ?? address.hostname.slice(0, 100),
        url: address.href,
      };
      return {
        write: async (tx) => {
          const { id: calendar, isNew } = await openCalendar(tx, wanted);
          return {
            events: [{ type: 'calendar.refresh-requested', data: { user: owner, calendar } }],
            reply: { calendar, isNew, added: 0, changed: 0, skipped: [] },
          };
        },
      };
    }
    const parsed = parseCalendar(Buffer.from(file ?? '', 'base64'));
    checkUse(parsed);
    const { entries, skipped } = parsed;
    const wanted = { id: delivery.id, owner, name: name ?? (parsed.name || 'Imported') };
    return {
      write: async (tx) => {
        const { id: calendar, isNew } = await openCalendar(tx, wanted);
        const counts = await applyEntries(tx, { owner, calendar, entries, whole: false });
        const { added, changed } = counts;
        return {
          events: [{ type: 'calendar.imported', data: { user: owner, calendar, ...counts } }],
          reply: { calendar, isNew, added, changed, skipped: [...skipped] },
        };
      },
    };
  },
});

function checkUse({ entries, skipped }: ParsedCalendar): void {
  const [first] = skipped;
  if (entries.length === 0 && first !== undefined)
    throw new Permanent(
      'calendar-unusable',
      `None of its events can be taken. The first (${JSON.stringify(first.uid)}): ${first.detail}`,
      { field: 'body', details: { skipped } },
    );
}
