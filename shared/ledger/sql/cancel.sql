-- Ends all open deliveries of the locked run $1; their hosts learn of it by asking for their leases.
with open_now as (
  select id from ledger.delivery where run = $1 and open order by id for update
)
update ledger.delivery d
set state = 'cancelled', open = false, later_at = null, host = null, ended_at = ledger.ledger_now()
from open_now where d.id = open_now.id
