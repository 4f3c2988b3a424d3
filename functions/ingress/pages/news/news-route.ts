import type { Clock } from '#shared/function';
import { NEWS_PATH } from '#shared/notifications';
import type { People } from '../../environment.ts';
import type { Route } from '../../route.ts';
import { answerPage, returnPage } from '../layout.ts';
import { signInPage } from '../sign-in/sign-in-page.ts';
import { newsPage } from './news-page.ts';

/** How many the page shows. */
const SHOWN = 50;

/** The notifications of whoever is signed in, for people; programs have `GET /notifications`. */
export function newsRoute({
  people: { notifications, accounts },
  appUrl,
  clock,
}: {
  people: Pick<People, 'notifications' | 'accounts'>;
  appUrl: string | undefined;
  clock: Clock;
}): Route {
  return {
    method: 'get',
    path: NEWS_PATH,
    access: 'visitor',
    rate: 'counted',
    async handle(c, authenticate) {
      const visitor = await authenticate.visitor(c);
      if (visitor === undefined) {
        // A link in a mail that is read in a browser: the cookie comes only where a page of ours asks (SameSite=Strict).
        const signIn = signInPage({ next: NEWS_PATH, ways: 'password-or-token' });
        const isFromElsewhere = c.req.header('sec-fetch-site') === 'cross-site';
        return await answerPage(c, isFromElsewhere ? returnPage(NEWS_PATH) : signIn);
      }
      const { account } = visitor;
      const [rows, unread, person] = await Promise.all([
        notifications.list('listed', { account, limit: SHOWN }),
        notifications.countUnread(account),
        accounts.find(account),
      ]);
      const page = newsPage({
        ...{ rows, unread, appUrl, now: clock.now() },
        signedInAs: person?.handle ?? account,
      });
      return await answerPage(c, page);
    },
  };
}
