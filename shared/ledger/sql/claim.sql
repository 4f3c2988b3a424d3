-- Claims up to $4 due deliveries of lane $2 for host $1, functions $3; $5: only those that a lost host left.
-- The host row is locked so that a takeover and a claim cannot pass each other.
with host as materialized (
  select id from ledger.host where id = $1 and dead_at is null for key share
),
picked as materialized (
  select d.id
  from ledger.delivery d
  where exists (select from host)
    and d.open and d.lane = $2 and d.state = 'due' and d.function = any ($3::text[])
    and (d.lost > 0) = $5::boolean
    -- While work that a lost host left waits, nobody begins anything else: hosts run empty, then run it alone.
    and ($5::boolean or not exists (
      select from ledger.delivery w
      where w.open and w.lane = $2 and w.state = 'due' and w.lost > 0 and w.seq < 0 and w.function = any ($3::text[])
    ))
    and not exists (select from ledger.function f where f.name = d.function and f.paused_at is not null)
  order by d.seq
  limit $4
  for update of d skip locked
),
claimed as (
  update ledger.delivery d
  set state = 'leased', host = $1, fence = d.fence + 1, started_at = ledger.ledger_now(), progress = 0, message = null
  -- The array and the single looks below keep the plan on primary keys: a generic plan takes any limit for a tenth
  -- of the backlog.
  where d.id = any (array(select id from picked))
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
order by c.seq
