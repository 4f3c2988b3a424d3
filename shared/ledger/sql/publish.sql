-- Inserts events ($1..$6, arrays of equal length) of run $7 and a delivery for each plain subscription.
-- $1 ids, $2 types, $3 keys, $4 data, $5 cause, $6 traceparent, $7 run, $8 source, $9 owner, $10 functions that take nothing in this run
with incoming as (
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) as e (id, type, key, data)
),
recorded as (
  insert into ledger.event (id, run, type, source, key, data, cause, traceparent)
  select id, $7, type, $8, key, data, $5::uuid, $6::text from incoming
  returning id, type, key
)
insert into ledger.delivery (run, event, function, trigger, key, owner, lane, turn)
select $7, e.id, s.function, s.trigger, e.key, $9, f.lane, case when f.turns then $9 else '' end
from incoming e
join ledger.subscription s on s.event_type = e.type and s.join_kind is null
  and (s.filter is null or e.data @> s.filter)
join ledger.function f on f.name = s.function and f.active
where s.function <> all ($10::text[])
order by e.id, s.function
returning lane
