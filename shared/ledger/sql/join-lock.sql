-- Locks the groups of run $1 that events of the types $2 touch. What is counted is counted in later
-- statements: the snapshot of this one is older than the lock it may have waited for.
select g.id
from ledger.join_group g
where g.run = $1
  and exists (
    select from ledger.subscription s
    where s.function = g.function and s.trigger = g.trigger and s.event_type = any ($2::text[])
  )
order by g.id
for update
