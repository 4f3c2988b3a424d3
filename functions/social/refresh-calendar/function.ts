import { createHash } from 'node:crypto';
import { MAX_CALENDAR_BYTES, type ParsedCalendar, parseCalendar } from '#shared/calendar';
import { applyEntries, type Feed, holdFeed, recordFailure, recordLook } from '#shared/calendars';
import { MillraceError, Permanent } from '#shared/errors';
import { defineFunction } from '#shared/function';
import type { Outbound } from '#shared/outbound';

const TIMEOUT_MS = 20_000;
/** What a server says of its version and we send back. */
const LONGEST_TAG = 500;

type Look =
  | { readonly kind: 'same' }
  | { readonly kind: 'failed'; readonly code: string; readonly gone: boolean }
  | {
      readonly kind: 'changed';
      readonly etag: string | undefined;
      readonly lastModified: string | undefined;
      readonly digest: Buffer;
      readonly parsed: ParsedCalendar;
    };

/** A feed that cannot be read is no failure of ours: its owner is told why, and it is looked at later and later. */
export default defineFunction({
  name: 'refresh-calendar',
  summary: 'Looks at a feed of events: takes what is new and changed, and removes what it holds no more.',
  consumes: ['calendar.refresh-requested'],
  needs: ['outbound', 'calendars'],
  async handle(input, { outbound, calendars, signal, log }) {
    const { calendar, user } = input.one('calendar.refresh-requested').data;
    const feed = await calendars.feed(calendar);
    if (feed === undefined) return { reply: { state: 'gone' } };
    const look = await lookAt(feed, { outbound, signal });
    log.info(
      { calendar, look: look.kind, ...(look.kind === 'failed' ? { code: look.code } : {}) },
      'feed looked at',
    );
    return {
      write: async (tx) => {
        if (!(await holdFeed(tx, calendar))) return { reply: { state: 'gone' } };
        const reply = { state: look.kind };
        switch (look.kind) {
          case 'failed':
            await recordFailure(tx, { id: calendar, code: look.code, gone: look.gone });
            return { reply };
          case 'same':
            await recordLook(tx, { id: calendar, changed: undefined });
            return { reply };
          case 'changed': {
            const { parsed, ...changed } = look;
            const { entries, name } = parsed;
            const counts = await applyEntries(tx, { owner: feed.owner, calendar, entries, whole: true });
            await recordLook(tx, { id: calendar, changed: { ...changed, name } });
            return { events: [{ type: 'calendar.imported', data: { user, calendar, ...counts } }], reply };
          }
        }
      },
    };
  },
});

async function lookAt(
  feed: Feed,
  { outbound, signal }: { outbound: Pick<Outbound, 'get'>; signal: AbortSignal },
): Promise<Look> {
  try {
    const { status, headers, body } = await outbound.get({
      url: feed.url,
      headers: {
        accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
        ...(feed.etag === null ? {} : { 'if-none-match': feed.etag }),
        ...(feed.lastModified === null ? {} : { 'if-modified-since': feed.lastModified }),
      },
      maxBytes: MAX_CALENDAR_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (status === 304) return { kind: 'same' };
    if (status !== 200) return { kind: 'failed', code: `feed-status-${status}`, gone: status === 410 };
    const digest = createHash('sha256').update(body).digest();
    if (feed.digest?.equals(digest) === true) return { kind: 'same' };
    const parsed = parseCalendar(body);
    // One bad answer does not empty a calendar.
    if (parsed.entries.length === 0 && parsed.skipped.length > 0)
      throw new Permanent('calendar-unusable', 'None of its events can be taken.');
    const tag = (name: string): string | undefined => {
      const value = headers[name];
      return value === undefined || value.length > LONGEST_TAG ? undefined : value;
    };
    return { kind: 'changed', etag: tag('etag'), lastModified: tag('last-modified'), digest, parsed };
  } catch (error) {
    if (signal.aborted || !(error instanceof MillraceError)) throw error;
    return { kind: 'failed', code: error.code, gone: false };
  }
}
