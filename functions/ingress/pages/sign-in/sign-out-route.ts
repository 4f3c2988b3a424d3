import type { Route } from '../../route.ts';
import { closeSession } from './session.ts';

export function signOutRoute(): Route {
  return {
    method: 'post',
    path: '/sign-out',
    access: 'public',
    rate: 'counted',
    handle: async (c) => {
      closeSession(c);
      return c.redirect('/', 303);
    },
  };
}
