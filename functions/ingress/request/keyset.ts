import { z } from '@hono/zod-openapi';
import { type PageKey, readCursor, writeCursor } from '#shared/following';
import type { HttpContext } from '../environment.ts';
import { pageLinks } from './page-links.ts';

const MAX_LIMIT = 100;

/** How many entries a page of a list has. */
export const pageLimit = z
  .string()
  .regex(/^\d{1,3}$/, `A whole number from 1 to ${MAX_LIMIT}.`)
  .transform(Number)
  .pipe(z.int().min(1).max(MAX_LIMIT))
  .default(20)
  .openapi({
    type: 'integer',
    description: `How many, 1 to ${MAX_LIMIT}; 20 where left out.`,
    example: 20,
  });

/** How a page of a list is asked for; a list may ask for more. */
export const pageQuery = z.strictObject({
  limit: pageLimit,
  cursor: z
    .string()
    .max(100)
    .transform((text, { addIssue }): PageKey => {
      const key = readCursor(text);
      if (key !== undefined) return key;
      addIssue({ code: 'custom', message: 'Take it from `links.next` of the page before.' });
      return z.NEVER;
    })
    .optional()
    .openapi({
      type: 'string',
      description: 'From `links.next` of the page before.',
      example: '1767323045678.0193b3f0-4d5e-4000-a000-000000000001',
    }),
});

/** What every page says of itself. */
export const listLinks = z.object({ self: z.string(), next: z.string().optional() });

export const linkHeader = { Link: '`rel="next"`: the page after this one (RFC 8288).' };

/** Where the page goes on after something that lists show by when it was made. */
export function keyOfMade({ createdAt, id }: { createdAt: Date; id: string }): PageKey {
  return { at: createdAt, id };
}

/**
 * The page of what was found, one more than it takes: that one tells whether there is a next page.
 *
 * @param keyOf where the page after an entry goes on
 */
export function pageOf<Entry>(
  c: HttpContext,
  { found, limit, keyOf }: { found: readonly Entry[]; limit: number; keyOf: (entry: Entry) => PageKey },
): { entries: readonly Entry[]; links: z.infer<typeof listLinks> } {
  const entries = found.slice(0, limit);
  const last = found.length > limit ? entries.at(-1) : undefined;
  return { entries, links: pageLinks(c, last === undefined ? undefined : writeCursor(keyOf(last))) };
}
