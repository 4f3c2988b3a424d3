import type { Auth } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import type { Clock } from '#shared/function';
import { HttpProblem, readBytes } from '#shared/http';
import { NEWS_PATH } from '#shared/notifications';
import { credentials } from '../../accounts/schemas.ts';
import type { SendCommand } from '../../accounts/send-command.ts';
import { signIn } from '../../accounts/sign-in-routes.ts';
import type { HttpContext } from '../../environment.ts';
import type { Route } from '../../route.ts';
import { answerPage } from '../layout.ts';
import { isFromHere, openSession } from './session.ts';
import { type SignInWays, signInPage } from './sign-in-page.ts';

const NO_PASSWORD = 'Give the e-mail address and the password of your account.';

/** The form of the sign-in page: a token, or, of people who registered, an address and a password. */
export function signInRoute({
  auth,
  clock,
  trustProxy,
  send,
}: {
  auth: Auth;
  clock: Clock;
  trustProxy: boolean;
  /** Given, passwords are taken. */
  send: SendCommand | undefined;
}): Route {
  /** @throws HttpProblem 400, 401, 429 */
  async function tokenOf(c: HttpContext, form: URLSearchParams): Promise<string> {
    const email = form.get('email')?.trim();
    if (send === undefined || email === undefined) return form.get('token')?.trim() ?? '';
    const { data: body } = credentials.safeParse({ email, password: form.get('password') });
    if (body === undefined)
      throw new HttpProblem({ status: 400, code: 'password-missing', detail: NO_PASSWORD });
    return (await signIn(c, { send, auth, body })).accessToken;
  }

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
      const form = new URLSearchParams(new TextDecoder().decode(body));
      const next = form.get('next') === NEWS_PATH ? NEWS_PATH : '/';
      const ways: SignInWays = send !== undefined && next === NEWS_PATH ? 'password-or-token' : 'token';
      try {
        const token = await tokenOf(c, form);
        openSession({ c, token, principal: await auth.verify(token), clock, trustProxy });
      } catch (error) {
        const refused = refusalIn(error);
        if (refused === undefined) throw error;
        for (const [name, value] of Object.entries(refused.headers)) c.header(name, value);
        return await answerPage(c, signInPage({ refused: refused.message, next, ways }), refused.status);
      }
      return c.redirect(next, 303);
    },
  };
}

interface Refusal {
  readonly status: 400 | 401 | 429;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the page says in place of a problem document; undefined where it is no refusal. */
function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof MillraceError && error.code.startsWith('token-'))
    return { status: 400, message: error.message, headers: {} };
  if (!(error instanceof HttpProblem)) return undefined;
  const { status, message, headers } = error;
  return status === 400 || status === 401 || status === 429 ? { status, message, headers } : undefined;
}
