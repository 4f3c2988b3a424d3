import { z } from '@hono/zod-openapi';
import { anyId, type Conversations, type MessageView } from '#shared/conversations';
import { notFound } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import { pageQuery } from '../request/keyset.ts';
import { defineRoute, type Route } from '../route.ts';
import type { MessageBodies } from './message-body.ts';
import { messagePage } from './schemas.ts';

/** Comes after every message. */
const END = 2_147_483_647;

type Beside = { readonly before: number } | { readonly after: number };

const cursor = z
  .string()
  .regex(/^(?:before|after)-\d{1,9}$/, 'Send `before-` or `after-` and the number of a message.')
  .transform((text): Beside => {
    const [way, seq] = text.split('-');
    return way === 'after' ? { after: Number(seq) } : { before: Number(seq) };
  })
  .optional()
  .openapi({
    type: 'string',
    pattern: '^(before|after)-[0-9]{1,9}$',
    description:
      'From `links`, or made of the number (`seq`) of a message: `after-12` is what came after the twelfth. Left out: the newest.',
    example: 'after-12',
  });

/** A conversation's messages, read in both directions. */
export function messageListRoute({
  conversations,
  bodies,
}: {
  conversations: Conversations;
  bodies: MessageBodies;
}): Route {
  return defineRoute({
    method: 'get',
    path: '/messages',
    operationId: 'listMessages',
    tag: 'Conversations',
    summary: 'Read the messages of a conversation',
    description:
      'Newest first, whichever way the page goes. Their numbers have no gap: whoever follows `links.prev` misses nothing.',
    access: 'token',
    rate: 'counted',
    query: z.strictObject({
      conversation: z
        .string()
        .pipe(anyId)
        .openapi({
          ...{ type: 'string', format: 'uuid', description: 'A conversation that you take part in.' },
          example: '0193b3f0-4d5e-4000-a000-00000000000c',
        }),
      limit: pageQuery.shape.limit,
      cursor,
    }),
    responses: {
      200: {
        description: 'A page.',
        schema: messagePage,
        headers: { Link: '`rel="next"`: what came before; `rel="prev"`: what came after (RFC 8288).' },
      },
      404: { description: 'You take part in no such conversation.' },
    },
    async handle({ c, principal, query: { conversation, limit, cursor: beside = { before: END } } }) {
      // One more tells whether there is a next page.
      const found = await conversations.messages(principal.account, {
        ...{ conversation, beside, limit: limit + 1 },
      });
      if (found === undefined) throw notFound('conversation');
      const { page, hasOlder } = pageIn(found, { beside, limit });
      return c.json({ messages: await bodies(page), links: bothLinks(c, { page, beside, hasOlder }) }, 200);
    },
  });
}

/** Newest first; the one too many is the farthest from where the page begins. */
function pageIn(
  found: readonly MessageView[],
  { beside, limit }: { beside: Beside; limit: number },
): { page: readonly MessageView[]; hasOlder: boolean } {
  if ('before' in beside) return { page: found.slice(0, limit), hasOlder: found.length > limit };
  return { page: found.slice(-limit), hasOlder: beside.after > 0 };
}

/** `next` is left out where there is nothing older; `prev` never is where anything is known: more may come. */
function bothLinks(
  c: HttpContext,
  { page, beside, hasOlder }: { page: readonly MessageView[]; beside: Beside; hasOlder: boolean },
): { self: string; next?: string; prev?: string } {
  const { pathname, search, searchParams } = new URL(c.req.url);
  const to = (way: string): string => {
    searchParams.set('cursor', way);
    return `${pathname}?${searchParams}`;
  };
  const newest = page[0]?.seq ?? ('after' in beside ? beside.after : undefined);
  const oldest = page.at(-1)?.seq;
  const next = hasOlder && oldest !== undefined ? to(`before-${oldest}`) : undefined;
  const prev = newest === undefined ? undefined : to(`after-${newest}`);
  const header = [
    ...(next === undefined ? [] : [`<${next}>; rel="next"`]),
    ...(prev === undefined ? [] : [`<${prev}>; rel="prev"`]),
  ];
  if (header.length > 0) c.header('Link', header.join(', '));
  return {
    self: pathname + search,
    ...(next === undefined ? {} : { next }),
    ...(prev === undefined ? {} : { prev }),
  };
}
