-- Dead deliveries of function $2 in the locked run $1 are due again, with all their tries, in the lane that the
-- function has now.
with dead as (
  select d.id, f.lane
  from ledger.delivery d
  join ledger.function f on f.name = d.function and f.active
  where d.run = $1 and d.function = $2 and d.state = 'dead'
  order by d.id
  for update of d
)
update ledger.delivery d
set state = 'due', open = true, seq = nextval('ledger.due_seq'), attempts = 0, lost = 0, error = null,
    ended_at = null, lane = dead.lane, progress = 0, message = null
from dead where d.id = dead.id
returning d.lane
