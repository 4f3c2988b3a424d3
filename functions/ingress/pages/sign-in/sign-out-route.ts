import { z } from 'zod';
import { HttpProblem } from '#shared/http';
import type { SendCommand } from '../../accounts/send-command.ts';
import type { Route } from '../../route.ts';
import { closeSession } from './session.ts';

/** Takes the cookie back, and ends the session that it stands for. @param options `send`: given, there are sessions */
export function signOutRoute({ send }: { send: SendCommand | undefined }): Route {
  return {
    method: 'post',
    path: '/sign-out',
    access: 'public',
    rate: 'counted',
    async handle(c, authenticate) {
      const visitor = send === undefined ? undefined : await authenticate.visitor(c);
      if (visitor?.session !== undefined && send !== undefined)
        await send({
          ...{ c, type: 'session.revoke', data: { session: visitor.session } },
          ...{ principal: visitor, reply: z.undefined() },
        }).catch(isOver);
      closeSession(c);
      return c.redirect('/', 303);
    },
  };
}

/** Ended elsewhere in this moment. */
function isOver(error: unknown): void {
  if (!(error instanceof HttpProblem) || error.status !== 404) throw error;
}
