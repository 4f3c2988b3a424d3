import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import type { Route } from '../route.ts';
import { followingChangeRoutes } from './change-routes.ts';
import { followListRoutes, ownListRoutes } from './list-routes.ts';

/** Who follows whom, and who is kept away. One's own lists come first: `me` is nobody's id. */
export function followingRoutes({ commands, following }: People): Route[] {
  const send = createSendCommand({ commands });
  return [
    ...ownListRoutes({ following }),
    ...followingChangeRoutes({ send }),
    ...followListRoutes({ following }),
  ];
}
