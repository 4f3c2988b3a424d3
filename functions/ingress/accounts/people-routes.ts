import { z } from '@hono/zod-openapi';
import type { Accounts, Person } from '#shared/accounts';
import type { Following } from '#shared/following';
import { notFound } from '#shared/http';
import { pageLimit } from '../request/keyset.ts';
import { pageLinks } from '../request/page-links.ts';
import { defineRoute, type Route } from '../route.ts';
import { type person, personList, personStanding } from './schemas.ts';

const query = z.strictObject({
  search: z
    .string()
    .trim()
    .min(2)
    .max(80)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'Send well-formed text.' })
    .optional()
    .openapi({
      type: 'string',
      description: 'What a handle or a name begins with; an `@` before it is left out.',
      example: 'ali',
    }),
  limit: pageLimit,
  cursor: z
    .string()
    .regex(/^[a-z0-9_]{1,30}$/, 'Take it from `links.next` of the page before.')
    .optional()
    .openapi({ description: 'From `links.next` of the page before.', example: 'alice' }),
});

/** Others, as anybody who is signed in may see them. */
export function peopleRoutes({ accounts, following }: { accounts: Accounts; following: Following }): Route[] {
  const list = defineRoute({
    method: 'get',
    path: '/users',
    operationId: 'searchPeople',
    tag: 'People',
    summary: 'Search people',
    description: 'In the order of their handles, by keyset: who comes meanwhile shifts no page.',
    access: 'token',
    rate: 'counted',
    query,
    responses: {
      200: {
        description: 'A page.',
        schema: personList,
        headers: { Link: '`rel="next"`: the page after this one (RFC 8288).' },
      },
    },
    async handle({ c, principal: { account: viewer }, query: { search, limit, cursor } }) {
      // One more tells whether there is a next page.
      const found = await accounts.search({ search, after: cursor, viewer, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1)?.handle : undefined;
      return c.json({ users: page.map(personView), links: pageLinks(c, last) });
    },
  });

  const read = defineRoute({
    method: 'get',
    path: '/users/{id}',
    operationId: 'readPerson',
    tag: 'People',
    summary: 'Read what somebody says of himself',
    access: 'token',
    rate: 'counted',
    params: z.object({
      id: z.string().openapi({
        format: 'uuid',
        description: 'Id of somebody.',
        example: '0193b3f0-4d5e-4000-a000-000000000001',
      }),
    }),
    responses: {
      200: { description: 'What others may see, and how he stands to you.', schema: personStanding },
      404: { description: 'There is nobody of this id whom you can see.' },
    },
    async handle({ c, principal: { account: viewer }, params: { id } }) {
      const [found, standing] = await Promise.all([
        accounts.find(id),
        following.standing({ of: id, viewer }),
      ]);
      if (found === undefined || standing === undefined) throw notFound('user');
      return c.json({ ...personView(found), ...standing }, 200);
    },
  });

  return [list, read];
}

function personView({ id, handle, name, about, createdAt }: Person): z.infer<typeof person> {
  return { id, handle, name, about, createdAt: createdAt.toISOString() };
}
