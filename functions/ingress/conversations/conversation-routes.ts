import type { PictureLinks } from '#shared/pictures';
import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import type { Route } from '../route.ts';
import { changeRoutes } from './change-routes.ts';
import { createMessageBodies } from './message-body.ts';
import { messageRoutes } from './message-routes.ts';
import { openRoutes } from './open-routes.ts';
import { reactionRoutes } from './reaction-routes.ts';

/** Conversations of two and of groups, and what is said in them. */
export function conversationRoutes({
  people: { commands, conversations, pictures },
  links,
}: {
  people: People;
  links: PictureLinks;
}): Route[] {
  const send = createSendCommand({ commands });
  const bodies = createMessageBodies({ pictures, links });
  return [
    ...openRoutes({ send, conversations }),
    ...changeRoutes({ send, conversations }),
    ...messageRoutes({ send, conversations, bodies }),
    ...reactionRoutes({ send }),
  ];
}
