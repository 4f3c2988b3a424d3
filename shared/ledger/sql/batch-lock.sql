-- Holds the runs $1 of a batch as lock-run.sql holds one. Its own statement: the next one sees what it waited for.
select id, pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint)
from ledger.run where id = any ($1::uuid[]) order by id for share
