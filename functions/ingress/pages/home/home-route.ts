import type { Auth } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import type { Clock } from '#shared/function';
import type { Ledger } from '#shared/ledger';
import { listPage } from '../../pipelines/list-page.ts';
import type { PipelineReader } from '../../pipelines/pipeline-reader.ts';
import type { Route } from '../../route.ts';
import { answerPage } from '../layout.ts';
import { pageOrigin } from '../page-origin.ts';
import { isFromHere, openSession } from '../sign-in/session.ts';
import { signInPage } from '../sign-in/sign-in-page.ts';
import { homePage } from './home-page.ts';

/** How many runs the page shows. */
const SHOWN = 9;

/** The latest runs of whoever is signed in; `/?token=…` signs in and goes on without the token in the address. */
export function homeRoute({
  auth,
  ledger,
  reader,
  clock,
  trustProxy,
}: {
  auth: Auth;
  ledger: Ledger;
  reader: PipelineReader;
  clock: Clock;
  trustProxy: boolean;
}): Route {
  return {
    method: 'get',
    path: '/',
    access: 'visitor',
    rate: 'counted',
    async handle(c, authenticate) {
      const token = c.req.query('token');
      if (token !== undefined) {
        const refused = isFromHere(c)
          ? await signIn(token)
          : 'Another site sent you here. Paste your token to sign in.';
        return refused === undefined
          ? c.redirect('/', 303)
          : await answerPage(c, signInPage({ refused }), 400);
      }
      const visitor = await authenticate.visitor(c);
      if (visitor === undefined) return await answerPage(c, signInPage());
      const { pipelines } = await listPage({ ledger, reader, account: visitor.account, limit: SHOWN });
      const origin = pageOrigin(c, trustProxy);
      return await answerPage(c, homePage({ pipelines, account: visitor.account, origin, now: clock.now() }));

      async function signIn(given: string): Promise<string | undefined> {
        try {
          openSession({ c, token: given, principal: await auth.verify(given), clock, trustProxy });
          return undefined;
        } catch (error) {
          if (error instanceof MillraceError && error.code.startsWith('token-')) return error.message;
          throw error;
        }
      }
    },
  };
}
