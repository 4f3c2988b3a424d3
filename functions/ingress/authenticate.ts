import { getCookie } from 'hono/cookie';
import type { OpenSessions } from '#shared/accounts';
import type { Auth, Principal, UrlSigner } from '#shared/auth';
import { MillraceError, Permanent } from '#shared/errors';
import { HttpProblem } from '#shared/http';
import type { HttpContext } from './environment.ts';

/** The session of our own pages: a token that the sign-in page put there. Taken for reading only. */
export const SESSION_COOKIE = 'millrace_session';

/** Says who asks. */
export interface Authenticate {
  /** Of a token as it was given, wherever. @throws HttpProblem 401 */
  verified(token: string): Promise<Principal>;
  /** @throws HttpProblem 401 */
  token(c: HttpContext): Promise<Principal>;
  /** A good signature on this very path, or a token. @throws HttpProblem 401 */
  linkOrToken(c: HttpContext): Promise<Principal | undefined>;
  /** Whose pages these are, if anybody's. */
  visitor(c: HttpContext): Promise<Principal | undefined>;
}

/** @param options `sessions`: given, a token of a session that is over is refused, and its roles are those of now */
export function createAuthenticate({
  auth,
  signer,
  sessions,
}: {
  auth: Auth;
  signer: UrlSigner;
  sessions?: OpenSessions | undefined;
}): Authenticate {
  /** @throws Permanent `token-expired`, `token-invalid`, `token-revoked` */
  async function verify(given: string): Promise<Principal> {
    const principal = await auth.verify(given);
    if (sessions === undefined || principal.session === undefined) return principal;
    const open = await sessions.find(principal.session);
    if (open === undefined || open.account !== principal.account)
      throw new Permanent('token-revoked', 'The session of this token is over; sign in again.');
    return { ...principal, roles: open.roles };
  }

  async function token(c: HttpContext): Promise<Principal> {
    const given = tokenOf(c);
    if (given === undefined) throw tokenMissing();
    return await verified(given);
  }

  async function verified(given: string): Promise<Principal> {
    try {
      return await verify(given);
    } catch (error) {
      if (error instanceof MillraceError && error.code.startsWith('token-'))
        throw unauthorized(error.message, error.code);
      throw error;
    }
  }

  return {
    verified,
    token,

    async linkOrToken(c) {
      const { pathname: path, searchParams: query } = new URL(c.req.url);
      if (!query.has('signature')) return await token(c);
      try {
        await signer.verify({ method: c.req.method, path, query });
        return undefined;
      } catch (error) {
        if (!(error instanceof MillraceError) || !error.code.startsWith('signature-')) throw error;
        throw unauthorized(
          'The signed link is altered or expired; read the pipeline again for a new one.',
          'link-invalid',
        );
      }
    },

    async visitor(c) {
      const cookie = getCookie(c, SESSION_COOKIE);
      if (cookie === undefined) return undefined;
      return await verify(cookie).catch((error: unknown) => {
        if (error instanceof MillraceError && error.code.startsWith('token-')) return undefined;
        throw error;
      });
    },
  };
}

/** The header, or, for reading only, the cookie: so no other site's form can act with it. */
function tokenOf(c: HttpContext): string | undefined {
  const header = c.req.header('authorization');
  if (header !== undefined) return bearerIn(header);
  return c.req.method === 'GET' || c.req.method === 'HEAD' ? getCookie(c, SESSION_COOKIE) : undefined;
}

/** The token of an `Authorization` header. @throws HttpProblem 401 */
export function bearerIn(header: string): string {
  const bearer = /^Bearer +([\w.~+/=-]+) *$/i.exec(header)?.[1];
  if (bearer === undefined)
    throw unauthorized('The Authorization header must read "Bearer <token>".', 'token-invalid');
  return bearer;
}

export function tokenMissing(): HttpProblem {
  return unauthorized('Send a token: "Authorization: Bearer …".');
}

export function unauthorized(detail: string, code = 'token-missing'): HttpProblem {
  const parameters =
    code === 'token-missing'
      ? ''
      : `, error="invalid_token", error_description="${detail.replace(/["\\]/g, "'")}"`;
  return new HttpProblem({
    status: 401,
    code,
    detail,
    headers: { 'WWW-Authenticate': `Bearer realm="millrace"${parameters.replace(/[^\x20-\x7e]/g, '?')}` },
  });
}
