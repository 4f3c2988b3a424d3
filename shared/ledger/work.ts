import type { Pool } from 'pg';
import { reach } from '#shared/faults';
import { type CommitRequest, type Committed, commit } from './commit.ts';
import { createCommitBatches, isPlain } from './commit-batch.ts';
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

/** What a host does with the ledger. */
export interface WorkLedger {
  /** Claims due deliveries; those that a lost host left (`suspects`) are for a process that has nothing else. */
  claim(request: {
    host: string;
    lane: string;
    functions: readonly string[];
    limit: number;
    suspects: boolean;
  }): Promise<readonly Claim[]>;
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
  const commitBest = (request: CommitRequest): Promise<Committed> => {
    if (!isPlain(request)) return commit(pool, source, request);
    if (request.write !== undefined) return batches.single(request);
    return request.quick === true ? batches.add(request) : commit(pool, source, request);
  };
  return {
    async claim({ host, lane, functions, limit, suspects }) {
      const { rows } = await run<Omit<Claim, 'host'>>(pool, CLAIM, [host, lane, functions, limit, suspects]);
      if (rows.length > 0) await reach('claim.made');
      return rows.map((row) => ({ ...row, fence: String(row.fence), host }));
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
