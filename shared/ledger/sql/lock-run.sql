-- Every transaction that adds an event to a run or ends a delivery begins here. The shared lock keeps a deployment
-- from changing subscriptions while events are being matched with them.
select owner, flow, state, kept, pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
from ledger.run where id = $1 for share
