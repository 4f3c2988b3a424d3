import type { IncomingMessage } from 'node:http';
import { HttpProblem, type RateLimit } from '#shared/http';
import { type Listener, positionOf, type Realtime, type TicketHolder, type Tickets } from '#shared/realtime';
import { type Authenticate, bearerIn, tokenMissing, unauthorized } from '../authenticate.ts';

/** The client's address: of the socket, or what our own proxies say of it. */
export type AddressOf = (incoming: IncomingMessage) => string;

/** How somebody asks to hear: known already, by a token in a header or a handshake, or by a ticket. */
export interface Asked {
  readonly holder?: TicketHolder | undefined;
  readonly token?: string | undefined;
  readonly ticket?: string | undefined;
  readonly cursor?: string | undefined;
}

/** What all doors ask before they open. */
export interface Admission {
  /** Counts a handshake of an address. @throws HttpProblem 429 `too-many-requests` */
  count(address: string): Promise<void>;
  /** @throws HttpProblem 400 `cursor-invalid`, 401, 403 `origin-forbidden`, 429 `streams-too-many`, 503 */
  admit(asked: Asked, from: { origin: string | undefined; host: string | undefined }): Promise<Listener>;
}

export function createAdmission({
  authenticate,
  tickets,
  realtime,
  allowedOrigins,
  handshakes,
}: {
  authenticate: Pick<Authenticate, 'verified'>;
  tickets: Tickets;
  realtime: Realtime;
  allowedOrigins: readonly string[];
  handshakes: RateLimit;
}): Admission {
  async function holderOf({ holder: known, token, ticket }: Asked): Promise<TicketHolder> {
    if (known !== undefined) return known;
    if (token !== undefined) return await authenticate.verified(token);
    if (ticket === undefined) throw tokenMissing();
    const holder = await tickets.redeem(ticket);
    if (holder === undefined)
      throw unauthorized('The ticket is unknown, too old, or was used; get a new one.', 'ticket-invalid');
    return holder;
  }

  return {
    async count(address) {
      await handshakes.take(address);
    },
    async admit(asked, { origin, host }) {
      if (!isAllowed(origin, host, allowedOrigins))
        throw new HttpProblem({
          status: 403,
          code: 'origin-forbidden',
          detail: `Pages of ${JSON.stringify(origin?.slice(0, 100))} may not listen here.`,
        });
      // A page that has heard nothing yet writes `?cursor=` with nothing after it.
      const cursor = asked.cursor === '' ? undefined : asked.cursor;
      const after = cursor === undefined ? undefined : positionOf(cursor);
      if (cursor !== undefined && after === undefined) throw cursorInvalid();
      const { account, session, expiresAt } = await holderOf(asked);
      realtime.admit(account);
      return { account, session, expiresAt, after };
    },
  };
}

/** What a request asks by its header and its address. @throws HttpProblem 401 */
export function askedBy({ headers, url = '' }: IncomingMessage): Asked {
  const query = new URLSearchParams(url.split('?', 2)[1] ?? '');
  return {
    token: headers.authorization === undefined ? undefined : bearerIn(headers.authorization),
    ticket: query.get('ticket') ?? undefined,
    cursor: query.get('cursor') ?? undefined,
  };
}

/** Programs send no origin; pages may be ours, or of those on the list (RFC 6455, section 10.2). */
function isAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function cursorInvalid(): HttpProblem {
  const message = 'Give a cursor back as it came with what you heard last.';
  return new HttpProblem({
    status: 400,
    code: 'cursor-invalid',
    detail: message,
    errors: [{ field: 'query.cursor', message }],
  });
}
