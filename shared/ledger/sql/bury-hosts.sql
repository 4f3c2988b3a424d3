-- Hosts that are silent for $1 milliseconds, and those of home $2 or with the ids $3, are dead.
-- FOR UPDATE waits for claims in flight; whoever claims later sees dead_at.
with silent as (
  select id from ledger.host
  where dead_at is null
    and (renewed_at < ledger.ledger_now() - $1 * interval '1 millisecond' or home = $2 or id = any ($3::uuid[]))
  order by id
  for update
)
update ledger.host h set dead_at = ledger.ledger_now() from silent where h.id = silent.id
returning h.id
