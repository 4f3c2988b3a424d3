-- What was put off and has come of age becomes due, at most $1 at a time.
with ripe as (
  select id from ledger.delivery
  where later_at <= (select ledger.ledger_now())
  order by later_at, id limit $1
  for update skip locked
)
update ledger.delivery d
set state = 'due', later_at = null, seq = nextval('ledger.due_seq')
from ripe where d.id = ripe.id
returning d.lane
