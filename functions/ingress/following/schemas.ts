import { z } from '@hono/zod-openapi';
import { person } from '../accounts/schemas.ts';
import { listLinks } from '../request/keyset.ts';

export const exampleUser = '0193b3f0-4d5e-4000-a000-000000000001';

/** Of somebody, in a path. What is no id is nobody's. */
export const userId = z
  .string()
  .openapi({ format: 'uuid', description: 'Id of somebody.', example: exampleUser });

export const userParams = z.object({ id: userId });

/** How the one who asked stands to somebody now. */
export const followState = z
  .object({
    state: z.enum(['accepted', 'requested']).openapi({
      description: '`requested`: the account is private, and its owner has been asked.',
    }),
  })
  .openapi('FollowState', { example: { state: 'accepted' } });

/** Somebody in a list. */
export const listedPerson = z
  .object({
    ...person.shape,
    since: z.iso.datetime().openapi({ description: 'Since when he is in this list.' }),
  })
  .openapi('ListedPerson', {
    example: {
      id: exampleUser,
      handle: 'alice',
      name: 'Alice Liddell',
      about: 'I make videos about rabbits.',
      createdAt: '2026-01-02T03:04:05.678Z',
      since: '2026-02-03T04:05:06.789Z',
    },
  });

/** Newest first. */
export const peoplePage = z.object({ users: z.array(listedPerson), links: listLinks }).openapi('PeoplePage', {
  example: {
    users: [
      {
        id: exampleUser,
        handle: 'alice',
        name: 'Alice Liddell',
        about: '',
        createdAt: '2026-01-02T03:04:05.678Z',
        since: '2026-02-03T04:05:06.789Z',
      },
    ],
    links: { self: `/users/${exampleUser}/followers` },
  },
});
