import type { Route } from '../../route.ts';
import { answerPage, type Markup } from '../layout.ts';
import { resetPasswordPage, verifyEmailPage } from './letter-pages.ts';

/** Where the links in mails lead. What stands behind `#` comes to no server: the page itself sends it, when asked to. */
export function letterRoutes(): Route[] {
  return [letterRoute('/verify-email', verifyEmailPage), letterRoute('/reset-password', resetPasswordPage)];
}

function letterRoute(path: string, page: () => Markup): Route {
  return {
    method: 'get',
    path,
    access: 'public',
    rate: 'counted',
    handle: (c) => answerPage(c, page()),
  };
}
