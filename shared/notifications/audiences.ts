import type { Transaction } from '#shared/ledger';

/** What is told to many: who they are, and what the thing is called. */
export interface Audience {
  readonly to: readonly string[];
  readonly title?: string;
}

/** Who hears of a message and has not read it yet; nobody of one that is gone. */
export async function readersOf(tx: Transaction, message: string): Promise<Audience> {
  const rows = await tx.query<{ account: string }>(READERS, [message]);
  return { to: rows.map(({ account }) => account) };
}

/** Who goes to an event, may go, or waits for a place; but for its owner, who knows. */
export async function guestsOf(tx: Transaction, gathering: string): Promise<Audience> {
  const [row] = await tx.query<{ title: string; to: readonly string[] }>(GUESTS, [gathering]);
  return row ?? { to: [] };
}

/** Some people, and what an event is called. */
export async function toldOfEvent(
  tx: Transaction,
  { gathering, to }: { gathering: string; to: readonly string[] },
): Promise<Audience> {
  const [row] = await tx.query<{ title: string }>('select title from people.gathering where id = $1', [
    gathering,
  ]);
  return { to, ...row };
}

export const READERS = `
  select p.account from people.message m
  join people.participant p on p.conversation = m.conversation and p.since_seq < m.seq and p.read_seq < m.seq
  where m.id = $1 and m.deleted_at is null order by p.account`;

export const GUESTS = `
  select g.title, array(
    select p.account from people.participation p
    where p.gathering = g.id and p.state in ('going', 'maybe', 'waiting') and p.account <> g.owner
    order by p.account) as "to"
  from people.gathering g where g.id = $1`;
