-- Run $1, which is locked, goes on.
update ledger.run
set state = 'running', settled_at = null, failure = null, reopened = reopened + (state <> 'running')::int
where id = $1
