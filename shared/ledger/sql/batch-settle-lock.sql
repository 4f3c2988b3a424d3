-- Holds the running runs of $1 alone. What is looked at is looked at in the next statement, which sees what this one waited for.
select id, pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
from ledger.run where id = any ($1::uuid[]) and state = 'running' order by id for update
