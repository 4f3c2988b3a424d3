-- Dead deliveries of function $2 in the locked run $1 are due again, with all their tries.
with dead as (
  select id from ledger.delivery where run = $1 and function = $2 and state = 'dead' order by id for update
)
update ledger.delivery d
set state = 'due', open = true, seq = nextval('ledger.due_seq'), attempts = 0, lost = 0, error = null,
    ended_at = null, progress = 0, message = null
from dead where d.id = dead.id
returning d.lane
