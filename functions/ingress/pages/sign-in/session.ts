import { setCookie } from 'hono/cookie';
import type { Principal } from '#shared/auth';
import type { Clock } from '#shared/function';
import { SESSION_COOKIE } from '../../authenticate.ts';
import type { HttpContext } from '../../environment.ts';

/**
 * Puts the token where the page's scripts cannot read it and other sites cannot send it. It lives no longer than
 * the token, and opens reading only.
 */
export function openSession({
  c,
  token,
  principal,
  clock,
  trustProxy,
}: {
  c: HttpContext;
  token: string;
  principal: Principal;
  clock: Clock;
  trustProxy: boolean;
}): void {
  const seconds = Math.floor((principal.expiresAt.getTime() - clock.now().getTime()) / 1000);
  // Browsers keep no cookie for longer than 400 days (RFC 6265bis).
  const maxAge = Math.max(0, Math.min(seconds, 400 * 86_400));
  setCookie(c, SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    maxAge,
    secure: isHttps(c, trustProxy),
  });
}

export function closeSession(c: HttpContext): void {
  setCookie(c, SESSION_COOKIE, '', { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 0 });
}

/** Did the browser come by HTTPS, as far as we or our proxy can tell? */
export function isHttps(c: HttpContext, trustProxy: boolean): boolean {
  if (trustProxy) return c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim() === 'https';
  return new URL(c.req.url).protocol === 'https:';
}

/**
 * Did a page of ours, or the person at the address bar, send this? Another site that signs somebody in under its
 * own token would have them work in its account.
 */
export function isFromHere(c: HttpContext): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = c.req.header('origin');
  return origin === undefined || URL.parse(origin)?.host === c.req.header('host');
}
