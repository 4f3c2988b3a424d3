-- One request at a time for the command of key $1; nobody waits for a lock longer than two seconds. The shared lock
-- keeps a deployment from changing subscriptions meanwhile.
select
  set_config('lock_timeout', '2000', true),
  pg_advisory_xact_lock_shared('ledger.subscription'::regclass::oid::bigint),
  pg_advisory_xact_lock($1::bigint)
