-- Fires what is complete in the locked groups $1: one delivery for each complete key or group, its inputs frozen.
-- $2 owner, $3 functions that take nothing in this run
with ready_key as (
  update ledger.join_key k set fired_at = ledger.ledger_now()
  from ledger.join_group g
  where g.id = any ($1::bigint[]) and k.group_id = g.id and g.kind = 'each'
    and k.fired_at is null and k.arrived + g.keyless = g.needs
  returning g.id, g.run, g.function, g.trigger, k.key
),
ready_group as (
  update ledger.join_group g set fired_at = ledger.ledger_now()
  where g.id = any ($1::bigint[]) and g.fired_at is null
    and ((g.kind = 'all' and g.keyless = g.needs) or (g.kind = 'each-of' and g.missing = 0))
  returning g.id, g.run, g.function, g.trigger, null::text as key
),
ready as (
  select * from ready_key union all select * from ready_group
),
frozen as (
  select r.*, i.events
  from ready r
  cross join lateral (
    select array_agg(p.event order by p.type, p.key) as events
    from ledger.join_part p
    where p.group_id = r.id and (r.key is null or p.key in (r.key, ''))
  ) i
)
insert into ledger.delivery (run, event, inputs, function, trigger, key, owner, lane, turn)
select z.run, z.events[1], z.events, z.function, z.trigger, z.key, $2, f.lane, case when f.turns then $2 else '' end
from frozen z
join ledger.function f on f.name = z.function
where z.function <> all ($3::text[])
order by z.id, z.key
returning lane
