-- A command as it happened: run $1, event $2, finished delivery $3, all for owner $4.
-- $5 type, $6 source, $7 function, $8 lane, $9 run's state, $10 data, $11 reply, $12 usage, $13 traceparent,
-- $14 milliseconds it took, $15 hash of a request with an Idempotency-Key, $16 status to keep for it
with opened as (
  insert into ledger.run (id, flow, owner, title, state, settled_at)
  values ($1, 'command', $4, $5, $9, case when $9 = 'completed' then ledger.ledger_now() end)
),
recorded as (
  insert into ledger.event (id, run, type, source, data, traceparent, request_hash)
  values ($2, $1, $5, $6, $10, $13, $15)
),
kept as (
  insert into ledger.answer (event, status, request_hash, kept_until)
  select $2, $16::int, $15, ledger.ledger_now() + interval '1 day' where $15::text is not null
)
insert into ledger.delivery (
  id, run, event, function, trigger, owner, lane, state, open, seq, fence, started_at, ended_at, progress, usage, reply
)
values (
  $3, $1, $2, $7, 0, $4, $8, 'done', false, 0, 1,
  ledger.ledger_now() - $14 * interval '1 millisecond', ledger.ledger_now(), 1, $12, $11
)
