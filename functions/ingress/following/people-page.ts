import type { z } from '@hono/zod-openapi';
import { keyOf, type ListedPerson } from '#shared/following';
import type { HttpContext } from '../environment.ts';
import { pageOf } from '../request/keyset.ts';
import type { peoplePage } from './schemas.ts';

/** A page of people, of those that were found and one more. */
export function peoplePageOf(
  c: HttpContext,
  { found, limit }: { found: readonly ListedPerson[]; limit: number },
): z.infer<typeof peoplePage> {
  const { entries, links } = pageOf(c, { found, limit, keyOf });
  return {
    users: entries.map(({ id, handle, name, about, createdAt, since }) => ({
      ...{ id, handle, name, about, createdAt: createdAt.toISOString(), since: since.toISOString() },
    })),
    links,
  };
}
