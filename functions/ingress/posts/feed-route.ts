import type { z } from '@hono/zod-openapi';
import { writeCursor } from '#shared/following';
import type { FeedEvent } from '#shared/posts';
import { linkHeader, pageQuery } from '../request/keyset.ts';
import { pageLinks } from '../request/page-links.ts';
import { defineRoute, type Route } from '../route.ts';
import type { PostPorts } from './ports.ts';
import { postView } from './post-view.ts';
import { feedPage } from './schemas.ts';

/** What those whom one follows have made. */
export function feedRoute({ feed, links }: PostPorts): Route {
  return defineRoute({
    method: 'get',
    path: '/feed',
    operationId: 'readFeed',
    tag: 'Posts',
    summary: 'Read your feed',
    description:
      'Posts and events of those whom you follow, and your own, newest first; without whom you muted. By keyset: what comes meanwhile shifts no page.',
    access: 'token',
    rate: 'counted',
    query: pageQuery,
    responses: { 200: { description: 'A page.', schema: feedPage, headers: linkHeader } },
    async handle({ c, principal: { account }, query: { limit, cursor: before } }) {
      const { items, last } = await feed.page({ account, before, limit });
      return c.json(
        {
          items: await Promise.all(
            items.map(async (item) =>
              item.kind === 'post'
                ? { kind: item.kind, post: await postView(item.post, links) }
                : { kind: item.kind, event: eventView(item.event) },
            ),
          ),
          links: pageLinks(c, last === undefined ? undefined : writeCursor(last)),
        },
        200,
      );
    },
  });
}

type EventItem = Extract<z.infer<typeof feedPage>['items'][number], { kind: 'event' }>;

function eventView({ zone, startsAt, createdAt, ...event }: FeedEvent): EventItem['event'] {
  return {
    ...event,
    ...(zone === null ? {} : { zone }),
    ...{ startsAt: startsAt.toISOString(), createdAt: createdAt.toISOString() },
  };
}
