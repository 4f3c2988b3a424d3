-- Every transaction that adds an event to a run or ends a delivery begins here.
select owner, flow, state from ledger.run where id = $1 for share
