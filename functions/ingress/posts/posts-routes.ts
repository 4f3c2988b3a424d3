import type { PictureLinks } from '#shared/pictures';
import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import type { Route } from '../route.ts';
import { commentRoutes } from './comment-routes.ts';
import { feedRoute } from './feed-route.ts';
import { likeRoutes } from './like-routes.ts';
import { listPostsRoute } from './list-posts-route.ts';
import { postRoutes } from './post-routes.ts';

/** What people post, and the feed that it makes. */
export function postsRoutes({ people, links }: { people: People; links: PictureLinks }): Route[] {
  const { commands, posts, feed } = people;
  const ports = { posts, feed, links, send: createSendCommand({ commands }) };
  return [
    listPostsRoute(ports),
    ...postRoutes(ports),
    ...likeRoutes(ports),
    ...commentRoutes(ports),
    feedRoute(ports),
  ];
}
