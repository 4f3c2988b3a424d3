-- The fence. Nothing of a commit holds unless this updates its one row; no clock is consulted.
update ledger.delivery
set state = 'done', open = false, host = null, ended_at = ledger.ledger_now(), progress = 1, message = null,
    reply = $4, usage = $5, wrote = $6, error = null
where id = $1 and state = 'leased' and fence = $2 and host = $3
