-- Delivery $1 goes back to the queue, ahead of the backlog and uncounted: its host shuts down. $2 fence, $3 host
update ledger.delivery
set state = 'due', host = null, seq = -nextval('ledger.due_seq'), turn = '', wake_at = null, progress = 0, message = null
where id = $1 and state = 'leased' and fence = $2 and host = $3
returning lane
