import type { Pool } from '#shared/database';
import { isAccountId } from './account-id.ts';
import { type ExportPage, readExport } from './export.ts';
import { findLetterOf, type LetterKind } from './letters.ts';
import type { MailedToken } from './mailed-token.ts';
import { type PeopleQuery, type Person, searchPeople } from './search.ts';

/** Somebody as the platform knows him. */
export interface Account extends Person {
  readonly email: string;
  /** Whether he showed that he reads what is mailed there. */
  readonly emailVerified: boolean;
  readonly roles: readonly string[];
  /** Whoever wants to follow asks first. */
  readonly private: boolean;
  /** Goes up with each change. */
  readonly version: number;
}

/** A device where somebody is signed in. */
export interface SessionView {
  readonly id: string;
  /** What its client said of itself. */
  readonly client: string;
  readonly createdAt: Date;
  readonly usedAt: Date;
  readonly expiresAt: Date;
}

/** What is read of people; what changes them is done in the transaction of a command. */
export interface Accounts {
  find(id: string): Promise<Account | undefined>;
  /** Its password is a hash. */
  findByEmail(email: string): Promise<{ id: string; password: string; roles: readonly string[] } | undefined>;
  /** Whose token this is, as long as it is good. */
  ofMailedToken(request: { token: MailedToken; kind: LetterKind }): Promise<Account | undefined>;
  /** A page of all that is kept of him beside his sessions and his runs; undefined where `from` is no place in it. */
  exported(request: { account: string; from: string; limit: number }): Promise<ExportPage | undefined>;
  /** A page of people, in the order of their handles. */
  search(query: PeopleQuery): Promise<readonly Person[]>;
  /** Those that are good, last used first; at most 100. */
  sessions(account: string): Promise<readonly SessionView[]>;
}

const ACCOUNT = `
  select id, email, email_verified_at is not null as "emailVerified", handle, name, about, private, roles, version,
    created_at as "createdAt"
  from people.account where id = $1`;

export function createAccounts({ pool }: { pool: Pool }): Accounts {
  async function find(id: string): Promise<Account | undefined> {
    if (!isAccountId(id)) return undefined;
    const { rows } = await pool.query<Account>(ACCOUNT, [id]);
    return rows[0];
  }

  return {
    find,
    exported: (request) => readExport(pool, request),
    async ofMailedToken(request) {
      const account = await findLetterOf(pool, request);
      return account === undefined ? undefined : find(account);
    },
    async findByEmail(email) {
      const { rows } = await pool.query<{ id: string; password: string; roles: string[] }>(
        'select id, password, roles from people.account where email = $1',
        [email],
      );
      return rows[0];
    },
    search: (query) => searchPeople(pool, query),
    async sessions(account) {
      if (!isAccountId(account)) return [];
      const { rows } = await pool.query<SessionView>(
        `select id, client, created_at as "createdAt", used_at as "usedAt", expires_at as "expiresAt"
         from people.session
         where account = $1 and revoked_at is null and expires_at > ledger.ledger_now()
         order by used_at desc limit 100`,
        [account],
      );
      return rows;
    },
  };
}
