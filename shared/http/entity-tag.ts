/** Does `If-None-Match` name this strong entity tag? Compared weakly, as RFC 9110 section 13.1.2 asks. */
export function noneMatches(header: string | undefined, etag: string): boolean {
  if (header === undefined || header.length > 4_096) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((entry) => entry.trim().replace(/^W\//, '') === etag);
}
