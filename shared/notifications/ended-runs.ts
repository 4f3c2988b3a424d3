import type { Transaction } from '#shared/ledger';

/** Runs that people are told of in one transaction. */
const RUNS_A_TIME = 100;
/** What settled just now may become visible after what settled later. */
const LAG_SECONDS = 15;
/** Somebody waits for what is made within this: he need not be told. */
const SHORT_SECONDS = 20;

export interface EndedRun {
  readonly run: string;
  readonly owner: string;
  readonly title: string;
  readonly state: 'completed' | 'failed';
  /** One that was tried again ends again. */
  readonly settledAt: string;
}

/**
 * The next runs of registered people that ended by themselves, in the order in which they did; each comes once, with the
 * commit of the caller.
 */
export async function takeEndedRuns(
  tx: Transaction,
): Promise<{ readonly runs: readonly EndedRun[]; readonly more: boolean }> {
  const [from] = await tx.query<{ settledAt: string; run: string }>(
    `select settled_at::text as "settledAt", run from people.runs_told for update`,
  );
  if (from === undefined) return { runs: [], more: false };
  const rows = await tx.query<EndedRun & { isPerson: boolean; isShort: boolean }>(ENDED, [
    ...[from.settledAt, from.run, LAG_SECONDS, RUNS_A_TIME, SHORT_SECONDS],
  ]);
  const last = rows.at(-1);
  if (last === undefined) return { runs: [], more: false };
  await tx.query('update people.runs_told set settled_at = $1::timestamptz, run = $2', [
    last.settledAt,
    last.run,
  ]);
  return {
    runs: rows.filter(
      ({ isPerson, isShort, state }) =>
        isPerson && (state === 'failed' || (state === 'completed' && !isShort)),
    ),
    more: rows.length === RUNS_A_TIME,
  };
}

export const ENDED = `
  select r.id as run, r.owner, r.title, r.state, r.settled_at::text as "settledAt",
    r.owner ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' as "isPerson",
    r.settled_at < r.created_at + $5::int * interval '1 second' as "isShort"
  from ledger.run r
  where r.flow <> 'command' and r.settled_at is not null
    and (r.settled_at, r.id) > ($1::timestamptz, $2::uuid)
    and r.settled_at <= ledger.ledger_now() - $3::int * interval '1 second'
  order by r.settled_at, r.id limit $4`;
