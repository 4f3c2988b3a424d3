import { Permanent } from '#shared/errors';
import { addressRule } from './addresses.ts';
import { checkHost } from './lookup.ts';
import { type Answer, request } from './request.ts';

/** Whose address somebody gave us: it may be anywhere, and say anything. */
export interface OutboundRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the body; a longer one is refused. */
  readonly maxBytes: number;
  /** From the first connection to the last byte, redirects counted in. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface OutboundAnswer extends Answer {
  /** Where it came from in the end. */
  readonly url: string;
}

/** Asks addresses that people give us. */
export interface Outbound {
  /**
   * GET, with at most five redirects; each is looked at as the first address was, when its connection is made.
   *
   * @throws Permanent `outbound-url-invalid`, `outbound-address-refused`, `outbound-redirects`, `outbound-too-large`, `outbound-encoding`
   * @throws Transient `outbound-unreachable`, `outbound-too-slow`
   */
  get(request: OutboundRequest): Promise<OutboundAnswer>;
  /** POST; an answer that leads elsewhere is an answer as any other. Throws what `get` throws. */
  post(request: OutboundRequest & { readonly body: Buffer }): Promise<OutboundAnswer>;
  /**
   * Looks at an address without asking it, so that whoever gave it is told at once. A name that leads nowhere now may
   * lead somewhere later, and elsewhere: `get` looks again.
   *
   * @throws Permanent `outbound-url-invalid`, `outbound-address-refused`
   */
  check(url: string): Promise<URL>;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** @param options `allow`: networks that may be asked although they are not public */
export function createOutbound({ allow }: { allow: readonly string[] }): Outbound {
  const rule = addressRule(allow);
  return {
    async get({ url: given, headers = {}, maxBytes, timeoutMs, signal }) {
      const limit = AbortSignal.timeout(timeoutMs);
      let url = readUrl(given);
      for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
        const answer = await request({ url, headers, maxBytes, rule, signal, limit });
        const location = answer.headers.location;
        if (!REDIRECTS.includes(answer.status) || location === undefined) return { ...answer, url: url.href };
        url = readUrl(location, url);
      }
      throw new Permanent('outbound-redirects', `The address leads on more than ${MOST_REDIRECTS} times.`);
    },
    async post({ url: given, headers = {}, body, maxBytes, timeoutMs, signal }) {
      const url = readUrl(given);
      const limit = AbortSignal.timeout(timeoutMs);
      const answer = await request({ url, headers, body, maxBytes, rule, signal, limit });
      return { ...answer, url: url.href };
    },
    async check(given) {
      const url = readUrl(given);
      await checkHost(url, rule);
      return url;
    },
  };
}

/**
 * An address that may be asked, as far as its text tells.
 *
 * @throws Permanent `outbound-url-invalid`
 */
export function readUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null || text.length > 2_000) throw invalid('is no address (at most 2,000 characters)');
  // Written `webcal:` by programs that subscribe to a calendar.
  if (url.protocol === 'webcal:') return readUrl(`https:${text.slice('webcal:'.length)}`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('must begin with https: or http:');
  if (url.username !== '' || url.password !== '') throw invalid('must not hold a name and a password');
  const port = Number(url.port);
  if (port > 0 && port < 1_024 && port !== 80 && port !== 443)
    throw invalid('names a port of another service; take 443, 80 or one above 1023');
  url.hash = '';
  return url;
}

function invalid(what: string): Permanent {
  return new Permanent('outbound-url-invalid', `The address ${what}.`, { field: 'url' });
}
