import type { HttpContext } from '../environment.ts';
import { isHttps } from './sign-in/session.ts';

/** Where this page was found, for examples that run as they stand; a Host that no shell should see is left out. */
export function pageOrigin(c: HttpContext, trustProxy: boolean): string {
  const { host } = new URL(c.req.url);
  const scheme = isHttps(c, trustProxy) ? 'https' : 'http';
  return /^[a-z0-9.:[\]-]{1,200}$/i.test(host) ? `${scheme}://${host}` : 'http://127.0.0.1:8080';
}
