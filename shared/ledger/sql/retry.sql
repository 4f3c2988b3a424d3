-- Dead deliveries of the locked run $1 are due again, with all their tries, in the lane that their function has now:
-- those of function $2, or those with the ids $3.
with dead as (
  select d.id, f.lane, case when f.turns then d.owner else '' end as turn
  from ledger.delivery d
  join ledger.function f on f.name = d.function and f.active
  where d.run = $1 and d.state = 'dead'
    and ($2::text is null or d.function = $2) and ($3::uuid[] is null or d.id = any ($3))
  order by d.id
  for update of d
)
update ledger.delivery d
set state = 'due', open = true, dead = false, seq = nextval('ledger.due_seq'), attempts = 0, lost = 0, error = null,
    ended_at = null, wake_at = null, lane = dead.lane, turn = dead.turn, progress = 0, message = null
from dead where d.id = dead.id
returning d.lane
