-- Due deliveries at the head of each lane that is served, from the very beginning of the index: what a claim's lower
-- bound hides is seen here. The limit is no parameter: a generic plan takes any for a tenth of the backlog.
select l.lane, d.id, d.turn = '' and d.seq > 0 as "isBounded"
from (select distinct lane from ledger.function where active and lane <> '(paused)') l
cross join lateral (
  select d.id, d.turn, d.seq from ledger.delivery d
  where d.open and d.later_at is null and d.lane = l.lane and d.state = 'due'
  order by d.turn, d.seq
  limit 1000
) d
