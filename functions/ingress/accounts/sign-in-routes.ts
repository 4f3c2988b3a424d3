import { z } from '@hono/zod-openapi';
import type { Auth } from '#shared/auth';
import { addressGroup, HttpProblem } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import { defineRoute, type Route } from '../route.ts';
import { credentials, shownToken, tokens } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

/** A stolen one is good for no longer. */
const ACCESS_SECONDS = 900;
const MAX_CLIENT = 200;

const signedIn = z.object({
  user: z.string(),
  session: z.string(),
  roles: z.array(z.string()),
  refreshToken: z.string(),
});
const refreshed = z.union([
  signedIn.extend({ state: z.literal('good') }),
  z.object({ state: z.literal('reused') }),
]);

interface Options {
  readonly send: SendCommand;
  readonly auth: Auth;
}

/** Only the front door signs tokens: what answers the commands has no key. */
async function tokensFor(auth: Auth, { user, session, roles, refreshToken }: z.infer<typeof signedIn>) {
  const accessToken = await auth.issue({
    sub: user,
    account: user,
    roles,
    session,
    ttlSeconds: ACCESS_SECONDS,
  });
  return {
    ...{ user, session, tokenType: 'Bearer' as const, accessToken },
    ...{ expiresIn: ACCESS_SECONDS, refreshToken },
  };
}

/** What a session is opened with. */
type Credentials = z.infer<typeof credentials>;

/** Opens a session with a password. @throws HttpProblem 401, 429 */
export async function signIn(
  c: HttpContext,
  { send, auth, body }: Options & { readonly body: Credentials },
): Promise<z.infer<typeof tokens>> {
  const data = { ...body, address: addressGroup(c.get('address')), client: clientOf(c) };
  return await tokensFor(auth, await send({ c, type: 'session.open', data, reply: signedIn }));
}

export function loginRoute({ send, auth }: Options, path: string, operationId: string): Route {
  return defineRoute({
    method: 'post',
    path,
    operationId,
    tag: 'People',
    summary: 'Sign in',
    description:
      'Opens a session. After five wrong passwords each further one makes the wait longer, up to 15 minutes; so it is for an address after thirty.',
    access: 'public',
    rate: 'counted',
    body: credentials,
    responses: {
      200: { description: 'A session, with its tokens.', schema: tokens },
      401: { description: 'There is no such account, or this is not its password.' },
      429: {
        description: 'Too many wrong passwords, or too many requests from this address.',
        headers: { 'Retry-After': 'Seconds to wait.' },
      },
    },
    handle: async ({ c, body }) => c.json(await signIn(c, { send, auth, body }), 200),
  });
}

export function refreshRoute({ send, auth }: Options): Route {
  return defineRoute({
    method: 'post',
    path: '/auth/refresh',
    operationId: 'refreshSession',
    tag: 'People',
    summary: 'Take the next access token',
    description:
      'The refresh token is good once: the answer holds the next one. One that comes a second time was stolen, from you or by you, and ends the session.',
    access: 'public',
    rate: 'counted',
    body: shownToken,
    responses: {
      200: { description: 'The next tokens.', schema: tokens },
      401: { description: 'The session is over: sign in again.' },
    },
    async handle({ c, body }) {
      const answer = await send({ c, type: 'session.refresh', data: body, reply: refreshed });
      if (answer.state === 'good') return c.json(await tokensFor(auth, answer), 200);
      throw new HttpProblem({
        status: 401,
        code: 'refresh-token-reused',
        detail: 'This refresh token came before. Its session is over now; sign in again.',
      });
    },
  });
}

export function logoutRoute({ send }: Options, path: string, operationId: string): Route {
  return defineRoute({
    method: 'post',
    path,
    operationId,
    tag: 'People',
    summary: 'Sign out',
    description: 'Ends the session of this refresh token; its access token is refused within two seconds.',
    access: 'public',
    rate: 'counted',
    body: shownToken,
    responses: { 204: { description: 'There is no such session any more.' } },
    async handle({ c, body }) {
      await send({ c, type: 'session.close', data: body, reply: z.undefined() });
      return c.body(null, 204);
    },
  });
}

/** What the client says of itself, as one line. */
function clientOf(c: HttpContext): string {
  const said = (c.req.header('user-agent') ?? '').replace(/[^\x20-\x7e]/g, '').trim();
  return said === '' ? 'unknown' : said.slice(0, MAX_CLIENT);
}
