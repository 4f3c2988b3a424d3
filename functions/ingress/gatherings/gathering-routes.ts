import type { Inbox } from '#shared/inbox';
import type { PictureLinks } from '#shared/pictures';
import { createPictureFiles } from '#shared/pictures';
import type { ObjectStore } from '#shared/storage';
import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import { pictureRoutes } from '../pictures/picture-routes.ts';
import type { Route } from '../route.ts';
import { eventRoutes } from './event-routes.ts';
import { listEventsRoute } from './list-route.ts';
import { guestRoutes, participationRoutes } from './participation-routes.ts';

/** Events: what they are, when they take place, who comes and who is asked to; and pictures, of events and others. */
export function gatheringRoutes(options: {
  people: People;
  artifacts: ObjectStore;
  inbox: Inbox | undefined;
  links: PictureLinks;
}): Route[] {
  const { people, artifacts, inbox, links } = options;
  const { gatherings, pictures, commands } = people;
  const send = createSendCommand({ commands });
  const ports = { gatherings, pictures, send, links };
  return [
    listEventsRoute(ports),
    ...eventRoutes(ports),
    ...participationRoutes(ports),
    ...guestRoutes(ports),
    ...pictureRoutes({ pictures, files: createPictureFiles({ store: artifacts }), inbox, send, links }),
  ];
}
