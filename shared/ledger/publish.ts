import type { Pool } from 'pg';
import { Conflict, Permanent } from '#shared/errors';
import { reach } from '#shared/faults';
import { emittedId } from './ids.ts';
import { jsonText, plainText } from './json-text.ts';
import type { NewEvent } from './model.ts';
import { lockJoins, recordEvents } from './record-events.ts';
import { inTransaction, undo } from './transaction.ts';

export interface PublishRequest {
  readonly run: {
    readonly id: string;
    readonly flow: string;
    readonly owner: string;
    readonly title: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly event: NewEvent;
  /** What comes with it, where one function of the flow waits for several. */
  readonly also?: readonly NewEvent[];
  /** The run id must then be `runIdFor` the same key. */
  readonly idempotency?: { readonly key: string; readonly requestHash: string };
  readonly traceparent?: string;
  /** What the first event calls itself where it came whole, as a CloudEvent: `source` replaces ours. */
  readonly outside?: { readonly id: string; readonly source: string; readonly subject?: string | undefined };
}

export interface Published {
  readonly run: string;
  readonly event: string;
  /** False when the same request had been published before. */
  readonly created: boolean;
  readonly lanes: readonly string[];
}

/**
 * Opens a run with its first event and that event's deliveries, in one transaction.
 *
 * @throws Conflict `idempotency-key-reused` when the key came before with another request.
 * @throws Permanent `flow-unknown`, `event-key-missing`
 */
export function publish(pool: Pool, source: string, request: PublishRequest): Promise<Published> {
  const { run, event, idempotency, outside } = request;
  const eventId = emittedId(run.id, 1);
  return inTransaction(pool, async (tx) => {
    const known = await tx.query<{ kept: string[] }>(
      `select pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint),
         array(select f.name from ledger.function f where f.name <> all (flow.functions) order by f.name) as kept
       from ledger.flow where name = $1`,
      [run.flow],
    );
    const flow = known.rows[0];
    if (flow === undefined) {
      throw new Permanent('flow-unknown', `There is no flow "${run.flow}"; flows stand in events.yaml.`);
    }
    const opened = await tx.query(
      `insert into ledger.run (id, flow, owner, title, labels, kept) values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing`,
      [run.id, run.flow, run.owner, plainText(run.title), jsonText(run.labels), flow.kept],
    );
    if (opened.rowCount === 0) {
      const before = await tx.query<{ request_hash: string | null }>(
        'select request_hash from ledger.event where id = $1',
        [eventId],
      );
      if (before.rows[0]?.request_hash !== idempotency?.requestHash || idempotency === undefined) {
        throw new Conflict(
          'idempotency-key-reused',
          `The Idempotency-Key "${idempotency?.key ?? ''}" came before with another request; use a new key.`,
          { field: 'Idempotency-Key' },
        );
      }
      return undo<Published>({ run: run.id, event: eventId, created: false, lanes: [] });
    }
    await reach('publish.opened');
    const events = [event, ...(request.also ?? [])];
    const types = [...new Set(events.map(({ type }) => type))];
    const joins = await lockJoins(tx, run.id, types, flow.kept);
    const lanes = await recordEvents(
      tx,
      {
        run: run.id,
        owner: run.owner,
        source,
        origin: run.id,
        firstOrdinal: 1,
        traceparent: request.traceparent,
        kept: flow.kept,
        events,
      },
      joins,
    );
    if (idempotency !== undefined) {
      await tx.query('update ledger.event set request_hash = $2 where id = $1', [
        eventId,
        idempotency.requestHash,
      ]);
    }
    if (outside !== undefined) {
      await tx.query('update ledger.event set outside_id = $2, source = $3, subject = $4 where id = $1', [
        eventId,
        outside.id,
        outside.source,
        outside.subject ?? null,
      ]);
    }
    await reach('publish.recorded');
    return { run: run.id, event: eventId, created: true, lanes };
  });
}
