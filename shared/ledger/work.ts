import type { Pool } from 'pg';
import { reach } from '#shared/faults';
import { ClaimBound } from './claim-bound.ts';
import { type CommitRequest, type Committed, commit } from './commit.ts';
import { createCommitBatches, isPlain } from './commit-batches.ts';
import { type FailOutcome, type FailRequest, fail } from './fail.ts';
import { plainText } from './json-text.ts';
import type { Claim } from './model.ts';
import { type PostponeOutcome, type PostponeRequest, postpone } from './postpone.ts';
import { type ProviderTake, takeProvider } from './provider.ts';
import { statement } from './statement.ts';
import { run } from './transaction.ts';

const CLAIM = statement('claim');
const CLAIM_NAMED = statement('claim-named');
const RELEASE = statement('release');
const DISOWN = statement('disown');

export interface ClaimRequest {
  readonly host: string;
  readonly lane: string;
  readonly functions: readonly string[];
  readonly limit: number;
  readonly suspects: boolean;
}

/** What a host does with the ledger. */
export interface WorkLedger {
  /** Claims due deliveries; nothing while work that a lost host left waits, unless it is these `suspects`. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** As `claim` for a host at work; one that is `idle` gets a single suspect, if any waits, to run alone. */
  claimNext(request: Omit<ClaimRequest, 'suspects'> & { readonly idle: boolean }): Promise<readonly Claim[]>;
  /** Claims the one delivery that a wake-up names; undefined when it is not due, or must run `alone`. */
  claimNamed(request: {
    host: string;
    lane: string;
    functions: readonly string[];
    delivery: string;
    alone: boolean;
  }): Promise<Claim | undefined>;
  commit(request: CommitRequest): Promise<Committed['outcome']>;
  fail(request: FailRequest): Promise<FailOutcome>;
  /** Puts a delivery off uncounted: a provider's limit was reached ({@link Postponed}). */
  postpone(request: PostponeRequest): Promise<PostponeOutcome>;
  /** A handler's leave to call an outside provider. @throws Postponed, Permanent `provider-cost-too-large` */
  takeProvider(take: ProviderTake): Promise<void>;
  /** Gives a delivery back uncounted, for a host that shuts down. */
  release(claim: Claim): Promise<void>;
  /** Gives back, uncounted, what the host holds and does not know of, and answers how many; `except`: what it works on. */
  disown(request: { host: string; lane: string; except: readonly string[] }): Promise<number>;
  /** Writes what people see of running work; late or refused writes change nothing. */
  reportProgress(reports: readonly ProgressReport[]): Promise<void>;
}

export interface ProgressReport {
  readonly claim: Claim;
  /** 0 to 1. */
  readonly fraction: number;
  readonly message?: string | undefined;
}

/** @param wake told of the lanes for which new work became due */
export function createWorkLedger(options: {
  pool: Pool;
  source: string;
  wake: (lanes: readonly string[]) => void;
}): WorkLedger {
  const { pool, source, wake } = options;
  const batches = createCommitBatches(options);
  const commitBest = (request: CommitRequest): Promise<Committed> =>
    isPlain(request) ? batches.add(request) : commit(pool, source, request);
  const bounds = new Map<string, ClaimBound>();
  // A session may have ended with its server, which forgets claims that had not come to its disk: they are due again.
  pool.on('remove', () => bounds.clear());
  function boundOf(lane: string, functions: readonly string[]): ClaimBound {
    const name = [lane, ...functions].join(' ');
    const bound = bounds.get(name) ?? new ClaimBound();
    bounds.set(name, bound);
    return bound;
  }
  async function claimDue({ host, lane, functions, limit, suspects }: ClaimRequest) {
    const bound = boundOf(lane, functions);
    const from = bound.at(performance.now());
    const values = [host, lane, functions, limit, suspects, from];
    const { rows } = await run<ClaimRow>(pool, CLAIM, values);
    const claimed = rows.filter((row) => row.id !== null);
    if (!suspects) noteBound(bound, rows, claimed);
    if (claimed.length > 0) await reach('claim.made');
    return {
      claims: claimed.map(({ seq, horizon, isHeld, disk, xmin, xmax, ...row }) => ({
        ...row,
        fence: String(row.fence),
        host,
      })),
      isHeld: rows[0]?.isHeld ?? false,
    };
  }
  return {
    async claim(request) {
      return (await claimDue(request)).claims;
    },
    async claimNext({ idle, ...request }) {
      const { claims, isHeld } = await claimDue({ ...request, suspects: false });
      if (!isHeld || !idle) return claims;
      return (await claimDue({ ...request, limit: 1, suspects: true })).claims;
    },
    async claimNamed({ host, delivery, lane, functions, alone }) {
      const { rows } = await run<Omit<Claim, 'host'>>(pool, CLAIM_NAMED, [
        ...[host, delivery, lane, functions],
        alone,
      ]);
      return rows.map((row) => ({ ...row, fence: String(row.fence), host }))[0];
    },
    async commit(request) {
      const { outcome, lanes } = await commitBest(request);
      await reach('commit.unannounced');
      wake(lanes);
      return outcome;
    },
    async fail(request) {
      const { outcome, lanes } = await fail(pool, source, request);
      await reach('fail.unannounced');
      wake(lanes);
      return outcome;
    },
    postpone: (request) => postpone(pool, request),
    takeProvider: (take) => takeProvider(pool, take),
    async release(claim) {
      const { rows } = await run<{ lane: string }>(pool, RELEASE, [claim.id, claim.fence, claim.host]);
      await reach('release.unannounced');
      wake(rows.map(({ lane }) => lane));
    },
    async disown({ host, lane, except }) {
      const { count } = await run(pool, DISOWN, [host, lane, except]);
      if (count > 0) wake([lane]);
      return count;
    },
    async reportProgress(reports) {
      const sorted = [...reports].sort((a, b) => (a.claim.id < b.claim.id ? -1 : 1));
      await pool.query(
        // What somebody else is changing right now is left out: progress waits for nobody.
        `with told as (
           select d.id, p.fraction, p.message
           from unnest($1::uuid[], $2::bigint[], $3::real[], $4::text[]) as p (id, fence, fraction, message)
           join ledger.delivery d on d.id = p.id and d.fence = p.fence and d.state = 'leased'
           order by d.id
           for no key update of d skip locked
         )
         update ledger.delivery d set progress = told.fraction, message = told.message from told where d.id = told.id`,
        [
          sorted.map(({ claim }) => claim.id),
          sorted.map(({ claim }) => claim.fence),
          sorted.map(({ fraction }) => fraction),
          sorted.map(({ message }) => (message === undefined ? null : plainText(message.slice(0, 200)))),
        ],
      );
    },
  };
}

/** A claim, or a row without one that tells only how far the ledger has come. */
interface ClaimRow extends Omit<Claim, 'host'> {
  readonly seq: bigint;
  readonly horizon: bigint | null;
  readonly isHeld: boolean;
  readonly disk: string;
  readonly xmin: bigint;
  readonly xmax: bigint;
}

function noteBound(bound: ClaimBound, rows: readonly ClaimRow[], claimed: readonly ClaimRow[]): void {
  const [first] = rows;
  if (first === undefined) return;
  const now = performance.now();
  const smallest = claimed.find(({ seq }) => seq >= 0n)?.seq;
  if (smallest !== undefined) bound.claimed(smallest, first, now);
  else if (claimed.length === 0 && typeof first.horizon === 'bigint')
    bound.foundNothing(first.horizon, first, now);
}
