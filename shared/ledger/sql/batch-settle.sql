-- Completes those of the locked runs $1 that are plainly done: nothing open, nothing dead, no join ever touched.
-- Answers the lanes that have new work, and the runs that are left to a closer look. $2 source
with looked as materialized (
  select r.id, r.owner, r.kept, f.completed, ledger.new_id() as origin,
    exists (select from ledger.delivery d where d.run = r.id and d.open)
      or exists (select from ledger.gate g where g.run = r.id and g.closed_at is null) as busy,
    exists (select from ledger.delivery d where d.run = r.id and d.state = 'dead')
      or exists (select from ledger.join_group g where g.run = r.id)
      or exists (select from ledger.subscription s where s.event_type = f.completed and s.join_kind is not null)
      as intricate
  from ledger.run r left join ledger.flow f on f.name = r.flow
  where r.id = any ($1::uuid[]) and r.state = 'running'
),
plain as materialized (
  select id, owner, kept, completed, overlay(origin::text placing '0001' from 33)::uuid as event
  from looked where not busy and not intricate
),
settled as (
  update ledger.run r set state = 'completed', settled_at = ledger.ledger_now(), failure = null
  from plain where r.id = plain.id
),
recorded as (
  insert into ledger.event (id, run, type, source, data)
  select event, id, completed, $2, '{"state": "completed"}' from plain where completed is not null
),
delivered as (
  insert into ledger.delivery (run, event, function, trigger, owner, lane, turn)
  select p.id, p.event, s.function, s.trigger, p.owner, fn.lane, case when fn.turns then p.owner else '' end
  from plain p
  join ledger.subscription s on s.event_type = p.completed and s.join_kind is null
    and (s.filter is null or '{"state": "completed"}' @> s.filter)
  join ledger.function fn on fn.name = s.function and fn.active
  where s.function <> all (p.kept)
  returning lane
)
select
  coalesce((select array_agg(distinct lane) from delivered), '{}') as lanes,
  coalesce((select array_agg(id) from looked where not busy and intricate), '{}') as left
