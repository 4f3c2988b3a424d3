-- Holds run $1 alone, and keeps brakes and deployments from moving its functions meanwhile.
select state, owner, pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
from ledger.run where id = $1 for update
