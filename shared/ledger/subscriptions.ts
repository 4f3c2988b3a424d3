import type { Pool, PoolClient } from 'pg';
import { Conflict } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import { reach } from '#shared/faults';
import type { Profile, Topology, TopologyFunction, Trigger } from '#shared/topology';
import { SCHEDULE_OWNER, syncSchedules } from './schedules.ts';
import { statement } from './statement.ts';
import { inTransaction, run } from './transaction.ts';

const SYNC_FUNCTIONS = statement('sync-functions');
const PARK = statement('park');
const MOVE_LANES = statement('move-lanes');
const SYNC_PROVIDERS = statement('sync-providers');
const SYNC_SUBSCRIPTIONS = statement('sync-subscriptions');

/** Wake-ups for each slot of a service: one in work, one at the door. */
const WAITING_EACH = 2;

interface SubscriptionRow {
  readonly function: string;
  readonly trigger: number;
  readonly eventType: string;
  readonly joinKind: 'all' | 'each' | 'each-of' | null;
  readonly needs: number | null;
  readonly keyed: boolean;
  readonly part: string | null;
}

/**
 * Brings the ledger's functions, subscriptions and flows in line with the topology (at deployment).
 *
 * @throws Conflict `function-busy` when a function that is gone still has open deliveries, `flow-busy` when a flow that
 *   is gone still has running runs.
 */
export function syncTopology(pool: Pool, topology: Topology): Promise<void> {
  return inTransaction(pool, async (tx) => {
    // Waits for publishers in flight and holds the next ones: none may insert a delivery by the old rows after this look.
    await tx.query(`select pg_advisory_xact_lock('ledger.subscription'::regclass::oid::bigint)`);
    await refuseBusy(tx, topology);
    await refuseBusyFlows(tx, topology);
    await syncFunctions(tx, topology);
    await syncProviders(tx, topology);
    await run(tx, PARK, []);
    await run(tx, MOVE_LANES, []);
    await syncTurns(tx, topology);
    await syncSchedules(tx, topology);
    await reach('deploy.moved');
    const rows = topology.functions.flatMap(subscriptionsOf);
    await tx.query('delete from ledger.subscription');
    await run(tx, SYNC_SUBSCRIPTIONS, [
      rows.map((row) => row.function),
      rows.map((row) => row.trigger),
      rows.map((row) => row.eventType),
      rows.map((row) => row.joinKind),
      rows.map((row) => row.needs),
      rows.map((row) => row.keyed),
      rows.map((row) => row.part),
    ]);
    const flows = Object.entries(topology.flows);
    await tx.query('delete from ledger.flow where name <> all ($1)', [flows.map(([name]) => name)]);
    await tx.query(
      `insert into ledger.flow (name, completed, failed, functions)
       select name, completed, failed, string_to_array(functions, ',')
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as f (name, completed, failed, functions)
       on conflict (name) do update set completed = excluded.completed, failed = excluded.failed, functions = excluded.functions`,
      [
        flows.map(([name]) => name),
        flows.map(([, flow]) => flow.completed),
        flows.map(([, flow]) => flow.failed),
        flows.map(([, flow]) => flow.functions?.join(',') ?? null),
      ],
    );
  });
}

/** One row for each event type of each trigger. */
export function subscriptionsOf(fn: TopologyFunction): readonly SubscriptionRow[] {
  return fn.triggers.flatMap((trigger, index) => rowsOf(fn.name, index, trigger));
}

function rowsOf(name: string, index: number, trigger: Trigger): readonly SubscriptionRow[] {
  const base = { function: name, trigger: index, joinKind: null, needs: null, keyed: false, part: null };
  switch (trigger.kind) {
    case 'schedule':
      return [];
    case 'event':
      return [{ ...base, eventType: trigger.type }];
    case 'all': {
      const { types, each } = trigger;
      const joinKind = each === undefined ? 'all' : 'each';
      return types.map((eventType) => ({
        ...base,
        eventType,
        joinKind,
        needs: types.length,
        keyed: each !== undefined && eventCatalogue[eventType].key === each,
        part: each ?? null,
      }));
    }
    case 'each-of': {
      const part = eventCatalogue[trigger.type].key ?? null;
      return [
        { ...base, eventType: trigger.type, joinKind: 'each-of', keyed: true, part },
        { ...base, eventType: trigger.of, joinKind: 'each-of', keyed: false, part },
      ];
    }
  }
}

async function refuseBusy(tx: PoolClient, topology: Topology): Promise<void> {
  const names = topology.functions.map(({ name }) => name);
  const { rows } = await tx.query<{ function: string; open: string }>(
    `select d.function, count(*) as open from ledger.delivery d
     where ((d.open and d.later_at is null) or d.later_at is not null) and d.function <> all ($1) group by d.function order by d.function`,
    [names],
  );
  if (rows.length === 0) return;
  const list = rows.map((row) => `${row.function} (${row.open})`).join(', ');
  throw new Conflict(
    'function-busy',
    `events.yaml no longer has functions with open deliveries: ${list}. Put them back, or let their work end first.`,
  );
}

async function refuseBusyFlows(tx: PoolClient, topology: Topology): Promise<void> {
  const { rows } = await tx.query<{ flow: string; runs: bigint }>(
    `select flow, count(*) as runs from ledger.run
     where state = 'running' and flow <> all ($1) and flow <> 'command' and owner <> $2 group by flow order by flow`,
    [Object.keys(topology.flows), SCHEDULE_OWNER],
  );
  if (rows.length === 0) return;
  const list = rows.map((row) => `${row.flow} (${row.runs})`).join(', ');
  throw new Conflict(
    'flow-busy',
    `events.yaml no longer has flows with running runs: ${list}. Put them back, or let their runs end first.`,
  );
}

async function syncFunctions(tx: PoolClient, topology: Topology): Promise<void> {
  const { functions, profiles } = topology;
  await run(tx, SYNC_FUNCTIONS, [
    functions.map(({ name }) => name),
    functions.map(({ area }) => area),
    functions.map(({ profile }) => profile),
    functions.map(({ profile }) => profiles[profile]?.run ?? 'service'),
    functions.map(({ profile }) => profiles[profile]?.attempts ?? 1),
    functions.map(({ profile }) => profiles[profile]?.timeoutMs ?? 30_000),
    functions.map(({ profile }) => profiles[profile]?.turns === 'owners'),
    functions.map(({ uses = [] }) => uses.join(',')),
    functions.map(({ acts }) => acts === 'outside'),
    functions.map(({ profile }) => wokenMost(profiles[profile])),
  ]);
}

/** Jobs are pods; a service's pods have requests waiting, so that one that is done finds the next. */
function wokenMost(profile: Profile | undefined): number {
  const { run = 'service', scale, concurrency = 1 } = profile ?? {};
  const pods = Math.max(1, scale?.max ?? 1);
  return run === 'job' ? pods : pods * concurrency * WAITING_EACH;
}

/** A bucket starts full; one whose limit changed keeps the tokens it has, as far as they still fit. */
async function syncProviders(tx: PoolClient, { functions, limits = {} }: Topology): Promise<void> {
  const names = [...new Set([...functions.flatMap(({ uses = [] }) => uses), ...Object.keys(limits)])].sort();
  await run(tx, SYNC_PROVIDERS, [
    names,
    names.map((name) => limits[name]?.calls ?? null),
    names.map((name) => limits[name]?.perMs ?? null),
  ]);
}

async function syncTurns(tx: PoolClient, { profiles }: Topology): Promise<void> {
  const lanes = Object.keys(profiles).filter((lane) => profiles[lane]?.turns === 'owners');
  await tx.query('delete from ledger.turn where lane <> all ($1)', [lanes]);
  await tx.query('insert into ledger.turn (lane) select unnest($1::text[]) on conflict do nothing', [lanes]);
}
