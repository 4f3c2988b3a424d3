-- Ledger time went back. What was put off then waits as long as it was told to, counted from now; leases are dated
-- now (what a provider has left goes back with its row, take-provider.sql). What is mended is not touched a second time.
with now as materialized (
  select ledger.ledger_now() as now
),
late as (
  select d.id, n.now + (d.later_at - a.ended_at) as later_at
  from now n
  join ledger.delivery d on d.later_at > n.now
  join ledger.attempt a on a.delivery = d.id and a.fence = d.fence and a.ended_at > n.now and a.ended_at <= d.later_at
  order by d.id
  for update of d skip locked
),
waiting as (
  update ledger.delivery d set later_at = late.later_at
  from late where d.id = late.id and d.id = any (array(select id from late))
)
update ledger.host h set renewed_at = n.now from now n where h.dead_at is null and h.renewed_at > n.now
