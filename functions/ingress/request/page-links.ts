import type { HttpContext } from '../environment.ts';

/** A page's own address and that of the next one, which also goes out as `Link` (RFC 8288). */
export function pageLinks(c: HttpContext, cursor: string | undefined): { self: string; next?: string } {
  const { pathname, search, searchParams } = new URL(c.req.url);
  const self = pathname + search;
  if (cursor === undefined) return { self };
  searchParams.set('cursor', cursor);
  const next = `${pathname}?${searchParams}`;
  c.header('Link', `<${next}>; rel="next"`);
  return { self, next };
}
