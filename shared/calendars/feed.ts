import type { Transaction } from '#shared/ledger';

/** What is needed to look at a feed again. */
export interface Feed {
  readonly id: string;
  readonly owner: string;
  readonly url: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** SHA-256 of what it held. */
  readonly digest: Buffer | null;
}

export const FEED = `
  select id, owner, url, etag, last_modified as "lastModified", digest
  from people.calendar where id = $1 and kind = 'feed'`;

/** How often a feed is looked at; one that fails twice as long after each time, at last once a day. */
const EVERY_MINUTES = 60;
const FIRST_WAIT_MINUTES = 15;
const LONGEST_WAIT_MINUTES = 1_440;

/** $1: how many. */
export const TAKE_DUE = `
  update people.calendar set due_at = ledger.ledger_now() + interval '1 hour' where id = any(array(
    select id from people.calendar where due_at <= ledger.ledger_now()
    order by due_at limit $1 for update skip locked))
  returning id, owner`;

/** Feeds whose time has come; one that nobody looks at is due again in an hour. */
export async function takeDueFeeds(
  tx: Transaction,
  limit: number,
): Promise<readonly { id: string; owner: string }[]> {
  return await tx.query<{ id: string; owner: string }>(TAKE_DUE, [limit]);
}

/** Holds a feed until the end of the transaction: two looks at once follow each other. Answers whether it is there. */
export async function holdFeed(tx: Transaction, id: string): Promise<boolean> {
  const [held] = await tx.query("select id from people.calendar where id = $1 and kind = 'feed' for update", [
    id,
  ]);
  return held !== undefined;
}

/** A feed was read: `changed` says what it holds now, undefined where that is what it held before. */
export async function recordLook(
  tx: Transaction,
  look: {
    id: string;
    changed:
      | { etag: string | undefined; lastModified: string | undefined; digest: Buffer; name: string }
      | undefined;
  },
): Promise<void> {
  const { id, changed } = look;
  await tx.query(
    `update people.calendar set state = 'good', failure = null, failures = 0, checked_at = now,
       due_at = now + $2::int * interval '1 minute'
     from ledger.ledger_now() as now where id = $1`,
    [id, EVERY_MINUTES],
  );
  if (changed === undefined) return;
  const { etag, lastModified, digest, name } = changed;
  await tx.query(
    `update people.calendar set etag = $2, last_modified = $3, digest = $4, changed_at = ledger.ledger_now(),
       name = case when $5 = '' then name else $5 end
     where id = $1`,
    [id, etag ?? null, lastModified ?? null, digest, name],
  );
}

/** A feed could not be read. @param failure `gone`: it is not looked at any more */
export async function recordFailure(
  tx: Transaction,
  { id, code, gone }: { id: string; code: string; gone: boolean },
): Promise<void> {
  await tx.query(
    `update people.calendar set state = 'failing', failure = $2, failures = failures + 1, checked_at = now,
       due_at = case when $3 then null
         else now + least($5::int, $4::int * power(2, least(failures, 10))) * interval '1 minute' end
     from ledger.ledger_now() as now where id = $1`,
    [id, code, gone, FIRST_WAIT_MINUTES, LONGEST_WAIT_MINUTES],
  );
}
