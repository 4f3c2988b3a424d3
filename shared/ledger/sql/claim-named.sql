-- Claims the one delivery $2 for host $1 if it is due in lane $3, of the functions $4; one that a lost host left only
-- when the host does nothing else ($5). The host row is locked so that a takeover and a claim cannot pass each other.
with host as materialized (
  select id from ledger.host where id = $1 and dead_at is null for key share
),
picked as materialized (
  select d.id from ledger.delivery d
  where exists (select from host)
    and d.id = $2 and d.open and d.state = 'due' and d.lane = $3 and d.function = any ($4::text[])
    and (d.lost = 0 or $5::boolean)
  for update of d skip locked
),
claimed as (
  update ledger.delivery d
  set state = 'leased', host = $1, fence = d.fence + 1, started_at = ledger.ledger_now(), progress = 0, message = null
  from picked where d.id = picked.id
  returning d.*
)
select
  c.id, c.run, c.function, c.key, c.owner, c.attempts, c.lost, c.fence,
  (select f.timeout_ms from ledger.function f where f.name = c.function) as "timeoutMs",
  (select r.title from ledger.run r where r.id = c.run) as title,
  (
    select jsonb_agg(jsonb_build_object(
      'id', e.id, 'type', e.type, 'key', e.key, 'data', e.data, 'traceparent', e.traceparent
    ) order by e.type, e.key)
    from ledger.event e where e.id = any (coalesce(c.inputs, array[c.event]))
  ) as events
from claimed c
