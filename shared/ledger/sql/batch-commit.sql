-- Ends many deliveries at once, each by its own fence: one that is refused, or whose events move a join, drops out
-- alone with all it would have published. Arrays: $1 deliveries, $2 fences, $3 hosts, $4 replies, $5 usages,
-- $6 traceparents; events: $7 delivery, $8 ids, $9 types, $10 keys, $11 data. $12 source, $13 whether
-- each wrote rows of its own, $14 all or none: then one that drops out raises (a division by zero).
with asked as materialized (
  select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::jsonb[], $5::jsonb[], $6::text[], $13::boolean[])
    as a (id, fence, host, reply, usage, traceparent, wrote)
),
incoming as materialized (
  select * from unnest($7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::jsonb[])
    as e (delivery, id, type, key, data)
),
joining as materialized (
  select distinct e.delivery from incoming e
  join ledger.subscription s on s.event_type = e.type and s.join_kind is not null
),
finished as (
  update ledger.delivery d
  set state = 'done', open = false, host = null, ended_at = ledger.ledger_now(), progress = 1, message = null,
      reply = a.reply, usage = a.usage, wrote = a.wrote, error = null
  from asked a
  where d.id = a.id and d.state = 'leased' and d.fence = a.fence and d.host = a.host
    and a.id <> all (array(select delivery from joining))
    and (select r.state from ledger.run r where r.id = d.run) <> 'cancelled'
  returning d.id, d.run, d.owner, a.traceparent, (select r.kept from ledger.run r where r.id = d.run) as kept
),
recorded as (
  insert into ledger.event (id, run, type, source, key, data, cause, traceparent)
  select e.id, f.run, e.type, $12, e.key, e.data, f.id, f.traceparent
  from incoming e join finished f on f.id = e.delivery
  order by e.id
),
delivered as (
  insert into ledger.delivery (run, event, function, trigger, key, owner, lane, turn)
  select f.run, e.id, s.function, s.trigger, e.key, f.owner, fn.lane, case when fn.turns then f.owner else '' end
  from incoming e
  join finished f on f.id = e.delivery
  join ledger.subscription s on s.event_type = e.type and s.join_kind is null
    and (s.filter is null or e.data @> s.filter)
  join ledger.function fn on fn.name = s.function and fn.active
  where s.function <> all (f.kept)
  order by e.id, s.function
  returning run, lane
)
select
  1 / (not $14::boolean or (select count(*) from finished) = (select count(*) from asked))::int as held,
  a.id,
  case when f.id is not null then 'committed' when j.delivery is not null then 'joins' else 'refused' end as outcome,
  coalesce((select array_agg(distinct n.lane) from delivered n where n.run = f.run), '{}') as lanes
from asked a
left join finished f on f.id = a.id
left join joining j on j.delivery = a.id
