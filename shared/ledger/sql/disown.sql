-- What host $1 holds in lane $2 and does not work on ($3 are those that it does) goes back to the queue, ahead of the
-- backlog and uncounted: the answer of its claim was lost, or the ledger could not be told how it ended.
update ledger.delivery
set state = 'due', host = null, seq = -nextval('ledger.due_seq'), turn = '', wake_at = null, progress = 0, message = null
where open and later_at is null and lane = $2 and state = 'leased' and host = $1 and id <> all ($3::uuid[])
returning id
