import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from '#shared/database';

const TICKET = /^mrt_[A-Za-z0-9_-]{43}$/;
/** A page opens its stream at once. */
const TICKET_SECONDS = 30;

/** Whom a ticket speaks for. */
export interface TicketHolder {
  readonly sub: string;
  readonly account: string;
  readonly session?: string | undefined;
  /** Of the token that it was made with. */
  readonly expiresAt: Date;
}

/** Tickets open one stream each, once: a page can send no header with it, and a token must stand in no address. */
export interface Tickets {
  make(holder: TicketHolder): Promise<{ readonly ticket: string; readonly seconds: number }>;
  /** Undefined for one that is none of ours, was used, or is too old. */
  redeem(ticket: string): Promise<TicketHolder | undefined>;
}

export function createTickets({ pool }: { pool: Pool }): Tickets {
  return {
    async make({ sub, account, session, expiresAt }) {
      const ticket = `mrt_${randomBytes(32).toString('base64url')}`;
      await pool.query(MAKE, [hashOf(ticket), sub, account, session ?? null, expiresAt, TICKET_SECONDS]);
      return { ticket, seconds: TICKET_SECONDS };
    },
    async redeem(ticket) {
      if (!TICKET.test(ticket)) return undefined;
      const { rows } = await pool.query<TicketRow>(REDEEM, [hashOf(ticket)]);
      const [row] = rows;
      return row === undefined ? undefined : { ...row, session: row.session ?? undefined };
    },
  };
}

type TicketRow = Omit<TicketHolder, 'session'> & { readonly session: string | null };

const MAKE = `
  insert into people.stream_ticket (hash, sub, account, session, token_expires_at, expires_at)
  values ($1, $2, $3, $4, $5, ledger.ledger_now() + $6::int * interval '1 second')`;

/** Of many at once one finds the row. */
const REDEEM = `
  delete from people.stream_ticket where hash = $1 and expires_at > ledger.ledger_now()
  returning sub, account, session, token_expires_at as "expiresAt"`;

/** Of random bytes: there is nothing to guess, so no slow hash is needed. */
const hashOf = (ticket: string): Buffer => createHash('sha256').update(ticket).digest();
