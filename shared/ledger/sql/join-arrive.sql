-- Records the events ($1 ids, $2 types, $3 keys) as parts of the locked groups $4 and moves their counters by
-- what was really inserted: an event of a type and key that has already come changes nothing.
with incoming as (
  select * from unnest($1::uuid[], $2::text[], $3::text[]) as e (id, type, key)
),
arrived as (
  insert into ledger.join_part (group_id, type, key, event)
  select g.id, e.type, case when s.keyed then coalesce(e.key, '') else '' end, e.id
  from ledger.join_group g
  join ledger.subscription s on s.function = g.function and s.trigger = g.trigger
  join incoming e on e.type = s.event_type
  where g.id = any ($4::bigint[]) and g.fired_at is null
  order by g.id, e.id
  on conflict do nothing
  returning group_id, type, key
),
keyed_arrivals as (
  insert into ledger.join_key (group_id, key, arrived)
  select a.group_id, a.key, count(*)
  from arrived a join ledger.join_group g on g.id = a.group_id
  where g.kind = 'each' and a.key <> ''
  group by a.group_id, a.key
  order by a.group_id, a.key
  on conflict (group_id, key) do update set arrived = join_key.arrived + excluded.arrived
),
-- Parts that were there before this statement and those of this statement: its own inserts are not in its snapshot.
present as (
  select p.group_id, p.key from ledger.join_part p
  join ledger.join_group g on g.id = p.group_id
  where g.id = any ($4::bigint[]) and g.kind = 'each-of' and p.key <> ''
  union
  select group_id, key from arrived where key <> ''
),
change as (
  select
    g.id,
    count(a.type) filter (where a.key = '') as keyless,
    case
      -- The promise came now: look at all parts once.
      when g.kind = 'each-of' and bool_or(a.key = '') then (
        select count(*) from ledger.promise p
        where p.run = g.run and p.name = g.part
          and not exists (select from present x where x.group_id = g.id and x.key = p.key)
      )
      -- It came earlier: subtract the promised parts that were inserted now.
      when g.kind = 'each-of' then g.missing - count(a.type) filter (
        where exists (select from ledger.promise p where p.run = g.run and p.name = g.part and p.key = a.key)
      )
    end as missing
  from ledger.join_group g
  join arrived a on a.group_id = g.id
  group by g.id
)
update ledger.join_group g
set keyless = g.keyless + c.keyless, missing = c.missing
from change c
where g.id = c.id
