import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Pool } from '#shared/database';
import { objectsInFolder, type StoredObjects } from './stored-objects.ts';

/** Types and parts that joins of a run wait for, told from its events and promises alone: no counter is asked. */
const missing = `
  select g.function || ' ' || s.event_type as part from ledger.join_group g
  join ledger.subscription s on s.function = g.function and s.trigger = g.trigger
  where g.run = r.id and (g.kind = 'all' or g.kind = 'each-of' and not s.keyed)
    and not exists (select from ledger.event e where e.run = r.id and e.type = s.event_type)
  union
  select g.function || ' ' || p.key from ledger.join_group g
  join ledger.promise p on p.run = g.run and p.name = g.part
  join ledger.subscription s on s.function = g.function and s.trigger = g.trigger and s.keyed
  where g.run = r.id and g.kind in ('each', 'each-of')
    and not exists (select from ledger.event e where e.run = r.id and e.type = s.event_type and e.key = p.key)
    -- Where nobody has promised yet, the promise itself is what is missing.
    and (g.kind = 'each' or exists (
      select from ledger.event e join ledger.subscription o on o.event_type = e.type
      where e.run = r.id and o.function = g.function and o.trigger = g.trigger and not o.keyed))`;

/** What breaks a guarantee of docs/guarantees.md, by its number; each statement answers the broken rows. */
const broken: Readonly<Record<string, string>> = {
  '1 an event lacks a delivery': `
    select e.id, s.function from ledger.event e
    join ledger.run r on r.id = e.run
    join ledger.subscription s on s.event_type = e.type and s.join_kind is null and (s.filter is null or e.data @> s.filter)
    where s.function <> all (r.kept) and not exists (
      select from ledger.delivery d where d.event = e.id and d.function = s.function and d.trigger = s.trigger)`,
  '1 a delivery lacks its event': `
    select d.id from ledger.delivery d join ledger.run r on r.id = d.run
    -- A result that a replay keeps is what the old run's event led to: nobody claims it in the new one.
    where not exists (select from ledger.event e where e.id = d.event
      and (e.run = d.run or r.forked_from is not null and d.fence = 0 and d.state = 'done'))`,
  '1 an event was delivered twice': `
    select run, event, function, trigger from ledger.delivery where inputs is null group by 1, 2, 3, 4 having count(*) > 1`,
  '1 a run without events': `
    select id from ledger.run r where not exists (select from ledger.event e where e.run = r.id)`,
  '1 an event without its run': `
    select id from ledger.event e where not exists (select from ledger.run r where r.id = e.run)`,
  '2 an effect appeared twice': `select delivery from effect group by 1 having count(*) > 1`,
  '3 a row of a delivery that did not commit': `
    select e.delivery from effect e
    where not exists (select from ledger.delivery d where d.id = e.delivery and d.state = 'done')`,
  '3 a committed delivery without its row': `
    select id from ledger.delivery d
    -- What a replay copied was claimed by nobody in its run: its rows are those of the old one.
    where state = 'done' and wrote and fence > 0 and not exists (select from effect e where e.delivery = d.id)`,
  '3 an event of a delivery that did not commit': `
    select e.id from ledger.event e
    where e.cause is not null
      and not exists (select from ledger.delivery d where d.id = e.cause and d.state = 'done')`,
  '3 an artifact of a delivery that did not commit': `
    select a.object_key from ledger.artifact a
    where not exists (select from ledger.delivery d where d.id = a.delivery and d.state = 'done')`,
  '3 a committed step without its artifact or its event': `
    select d.id from ledger.delivery d
    where d.state = 'done' and d.function in ('first-step', 'second-step') and (
      (select count(*) from ledger.artifact a where a.delivery = d.id) <> 1
      or (select count(*) from ledger.event e where e.cause = d.id) <> case d.function when 'first-step' then 1 else 2 end)`,
  '4 work is open and nobody will do it': `
    select id, state, function from ledger.delivery where open or state in ('due', 'leased', 'later')`,
  '5 a join fired twice': `
    select run, function, trigger, key from ledger.delivery where inputs is not null group by 1, 2, 3, 4 having count(*) > 1`,
  '5 a join fired short of a part': `
    select d.id from ledger.delivery d join ledger.join_group g on g.run = d.run and g.function = d.function and g.trigger = d.trigger
    where d.inputs is not null and g.kind in ('all', 'each')
      and (select count(distinct e.type) from ledger.event e where e.id = any (d.inputs)) < g.needs`,
  '5 a join has all its parts and did not fire': `
    select g.id from ledger.join_group g join ledger.run r on r.id = g.run
    where g.fired_at is null and r.state in ('completed', 'failed') and (
      g.kind = 'all' and g.needs <= (select count(distinct p.type) from ledger.join_part p where p.group_id = g.id)
      or g.kind = 'each-of' and exists (select from ledger.join_part p where p.group_id = g.id and p.key = '')
        and not exists (select from ledger.promise m where m.run = g.run and m.name = g.part
          and not exists (select from ledger.join_part p where p.group_id = g.id and p.key = m.key)))`,
  '6 a run has not settled': `select id from ledger.run where state = 'running'`,
  '6 a run settled as what it is not': `
    select r.id, r.state, r.failure, truth.* from ledger.run r
    cross join lateral (
      select array(select d.id::text from ledger.delivery d where d.run = r.id and d.state = 'dead' order by 1) as dead,
        array(select part from (${missing}) short order by 1) as missing
    ) truth
    cross join lateral (
      select array(select x ->> 'delivery' from jsonb_array_elements(r.failure -> 'dead') x order by 1) as dead,
        array(
          select (x ->> 'function') || ' ' || part
          from jsonb_array_elements(r.failure -> 'missing') x, jsonb_array_elements_text(x -> 'parts') part order by 1
        ) as missing
    ) said
    where r.state in ('completed', 'failed') and (
      (r.state = 'failed') <> (cardinality(truth.dead) + cardinality(truth.missing) > 0)
      or said.dead <> truth.dead or said.missing <> truth.missing)`,
  '6 a settled run did not say so, or said it twice': `
    select r.id from ledger.run r join ledger.flow f on f.name = r.flow where r.state in ('completed', 'failed') and (
      select count(*) from ledger.event e where e.run = r.id and e.type in ('pipeline.completed', 'pipeline.failed') and e.cause is null
    ) <> 1 + r.reopened`,
  '7 something held after the cancel': `
    select d.id from ledger.delivery d join ledger.run r on r.id = d.run
    -- Ages of the transactions that wrote them last: no clock is asked, tests move it.
    where r.state = 'cancelled' and (d.open or d.state = 'done' and age(d.xmin) < age(r.xmin))`,
  '7 a cancelled run said that it settled': `
    select r.id from ledger.run r join ledger.flow f on f.name = r.flow where r.state = 'cancelled' and (
      select count(*) from ledger.event e where e.run = r.id and e.type in ('pipeline.completed', 'pipeline.failed') and e.cause is null
    ) <> r.reopened`,
};

/** What each guarantee says against the ledger and the store; empty when all hold. */
export async function brokenGuarantees(options: {
  pool: Pool;
  /** A folder of the filesystem store, or what stands for a bucket. */
  objects?: string | StoredObjects;
  /** Bytes of attempts that a death left aside may lie in the store until the sweep. */
  leftovers?: boolean;
  /** Guarantees that the test suspends, by the beginning of their names. */
  except?: readonly string[];
}): Promise<readonly string[]> {
  const { pool, objects, leftovers = false, except = [] } = options;
  const found: string[] = [];
  for (const [name, statement] of Object.entries(broken)) {
    if (except.some((start) => name.startsWith(start))) continue;
    const { rows } = await pool.query(statement);
    if (rows.length > 0)
      found.push(
        `${name}: ${JSON.stringify(rows.slice(0, 3), (_, value) => (typeof value === 'bigint' ? String(value) : value))} (${rows.length})`,
      );
  }
  if (objects !== undefined) {
    const stored = typeof objects === 'string' ? objectsInFolder(objects) : objects;
    found.push(...(await brokenObjects(pool, stored, leftovers)));
  }
  return found;
}

async function brokenObjects(pool: Pool, stored: StoredObjects, leftovers: boolean): Promise<string[]> {
  const { rows } = await pool.query<{ key: string; sha256: string; count: number }>(
    'select object_key as key, sha256, count(*)::int as count from ledger.artifact group by 1, 2',
  );
  const found: string[] = [];
  for (const { key, sha256 } of rows) {
    const bytes = await stored.read(key);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) found.push(`3 not as committed: ${key}`);
  }
  const named = new Set(rows.map(({ key }) => key));
  const files = await stored.keys();
  for (const path of files) {
    if (path.startsWith('runs/') && !named.has(path) && !leftovers) found.push(`3 nobody's bytes: ${path}`);
  }
  const { rows: placed } = await pool.query<{ key: string }>(
    `select p ->> 'key' as key from ledger.event e, jsonb_array_elements(e.data -> 'products') p where e.type = 'pipeline.video.placed'`,
  );
  for (const { key } of placed) if (!files.includes(key)) found.push(`3 a product is missing: ${key}`);
  return found;
}

/** Fails naming what is broken. */
export async function expectGuarantees(options: Parameters<typeof brokenGuarantees>[0]): Promise<void> {
  expect(await brokenGuarantees(options)).toEqual([]);
}
