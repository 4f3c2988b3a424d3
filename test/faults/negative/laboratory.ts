import { onReach } from '#shared/faults';
import {
  type Claim,
  createHousekeeping,
  createLedger,
  createWorkLedger,
  type Housekeeping,
  type Ledger,
  type WorkLedger,
} from '#shared/ledger';
import type { Topology } from '#shared/topology';
import { createLedgerFixture, type LedgerFixture } from '../../ledger-fixture.ts';
import { brokenGuarantees } from '../platform/expect-guarantees.ts';
import { type Sabotage, sabotaged } from './sabotage.ts';

const DEADLOCK = '40P01';

/** A ledger of which some statements may be broken, and the fixture that looks at it with sound ones. */
export interface Laboratory {
  readonly fixture: LedgerFixture;
  readonly ledger: Ledger;
  readonly work: WorkLedger;
  readonly housekeeping: Housekeeping;
  /** A commit's own row. */
  writes(claim: Claim): { write: (tx: Transaction) => Promise<Record<string, never>> };
  /** A guarantee that the experiment itself saw broken. */
  note(broken: string): void;
  /** Fails whoever comes to the point first. */
  failAt(point: string): void;
  /** Holds whoever comes to the point first; `come` resolves when it has, `go` lets it pass. */
  holdAt(point: string): { come: Promise<void>; go: () => void };
}

interface Transaction {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Does the experiment on a fresh ledger and answers which guarantees it broke. */
export async function inLaboratory(
  topology: Topology,
  sabotages: readonly Sabotage[],
  experiment: (laboratory: Laboratory) => Promise<void>,
): Promise<readonly string[]> {
  const fixture = await createLedgerFixture(topology);
  try {
    await fixture.pool.query('create table effect (delivery uuid not null, run uuid not null)');
    const noted: string[] = [];
    const pool = sabotaged(fixture.pool, sabotages, ({ code }) => {
      if (code === DEADLOCK) noted.push('two waited for each other');
    });
    const parts = { pool, source: topology.source, wake: () => undefined };
    await experiment({
      fixture,
      ledger: createLedger(parts),
      work: createWorkLedger(parts),
      housekeeping: createHousekeeping(parts),
      writes: ({ id, run }) => ({
        write: async (tx) => {
          await tx.query('insert into effect (delivery, run) values ($1, $2)', [id, run]);
          return {};
        },
      }),
      note: (broken) => void noted.push(broken),
      failAt(point) {
        onReach((reached) => {
          if (reached !== point) return undefined;
          onReach(undefined);
          throw new Error(`the test fails at ${point}`);
        });
      },
      holdAt(point) {
        const [come, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        onReach((reached) => {
          if (reached !== point) return undefined;
          onReach(undefined);
          come.resolve();
          return go.promise;
        });
        return { come: come.promise, go: go.resolve };
      },
    });
    return [...noted, ...(await brokenGuarantees({ pool: fixture.pool }))];
  } finally {
    onReach(undefined);
    await fixture.close();
  }
}
