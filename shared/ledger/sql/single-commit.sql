-- Ends one delivery whose handler wrote rows of its own, in the same trip as COMMIT: so when it is refused, or its events
-- move a join, it raises (a division by zero) and nothing holds. $1 delivery, $2 fence, $3 host, $4 reply, $5 usage,
-- $6 traceparent; arrays of its events: $7 ids, $8 types, $9 keys, $10 data. $11 source
with incoming as materialized (
  select * from unnest($7::uuid[], $8::text[], $9::text[], $10::jsonb[]) as e (id, type, key, data)
),
finished as (
  update ledger.delivery d
  set state = 'done', open = false, host = null, ended_at = ledger.ledger_now(), progress = 1, message = null,
      reply = $4, usage = $5, wrote = true, error = null
  where d.id = $1 and d.state = 'leased' and d.fence = $2 and d.host = $3
    and not exists (
      select from ledger.subscription s where s.event_type = any ($8::text[]) and s.join_kind is not null
    )
    and (select r.state from ledger.run r where r.id = d.run) <> 'cancelled'
  returning d.id, d.run, d.owner, (select r.kept from ledger.run r where r.id = d.run) as kept
),
recorded as (
  insert into ledger.event (id, run, type, source, key, data, cause, traceparent)
  select e.id, f.run, e.type, $11, e.key, e.data, f.id, $6 from incoming e cross join finished f order by e.id
),
delivered as (
  insert into ledger.delivery (run, event, function, trigger, key, owner, lane, turn)
  select f.run, e.id, s.function, s.trigger, e.key, f.owner, fn.lane, case when fn.turns then f.owner else '' end
  from incoming e
  cross join finished f
  join ledger.subscription s on s.event_type = e.type and s.join_kind is null
    and (s.filter is null or e.data @> s.filter)
  join ledger.function fn on fn.name = s.function and fn.active
  where s.function <> all (f.kept)
  order by e.id, s.function
  returning lane
)
select 1 / (select count(*) from finished)::int as held,
  coalesce((select array_agg(distinct lane) from delivered), '{}') as lanes
