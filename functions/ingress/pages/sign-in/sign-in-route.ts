import type { Auth } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import type { Clock } from '#shared/function';
import { readBytes } from '#shared/http';
import type { Route } from '../../route.ts';
import { answerPage } from '../layout.ts';
import { isFromHere, openSession } from './session.ts';
import { signInPage } from './sign-in-page.ts';

/** The form of the sign-in page. */
export function signInRoute({
  auth,
  clock,
  trustProxy,
}: {
  auth: Auth;
  clock: Clock;
  trustProxy: boolean;
}): Route {
  return {
    method: 'post',
    path: '/sign-in',
    access: 'public',
    rate: 'counted',
    async handle(c) {
      if (!isFromHere(c)) {
        return await answerPage(
          c,
          signInPage({ refused: 'Another site sent you here. Sign in from this page.' }),
          403,
        );
      }
      const body = await readBytes(c.req.raw, { maxBytes: 8_192, timeoutMs: 10_000 });
      const token = new URLSearchParams(new TextDecoder().decode(body)).get('token')?.trim() ?? '';
      try {
        openSession({ c, token, principal: await auth.verify(token), clock, trustProxy });
      } catch (error) {
        if (!(error instanceof MillraceError) || !error.code.startsWith('token-')) throw error;
        return await answerPage(c, signInPage({ refused: error.message }), 400);
      }
      return c.redirect('/', 303);
    },
  };
}
