-- A reported failure of delivery $1: later after $6 milliseconds, or dead when it is permanent or was the last try.
-- $2 fence, $3 host, $4 error, $5 permanent
with failed as (
  update ledger.delivery d
  set attempts = d.attempts + 1,
      state = case when $5 or d.attempts + 1 >= f.max_attempts then 'dead' else 'later' end,
      dead = $5 or d.attempts + 1 >= f.max_attempts,
      open = not ($5 or d.attempts + 1 >= f.max_attempts),
      later_at = case when $5 or d.attempts + 1 >= f.max_attempts then null
        else ledger.ledger_now() + $6 * interval '1 millisecond' end,
      ended_at = case when $5 or d.attempts + 1 >= f.max_attempts then ledger.ledger_now() end,
      host = null, error = $4
  from ledger.function f
  where d.id = $1 and d.state = 'leased' and d.fence = $2 and d.host = $3 and f.name = d.function
  returning d.id, d.fence, d.run, d.state, d.started_at
)
, noted as (
  insert into ledger.attempt (delivery, fence, run, host, outcome, error, started_at)
  select id, fence, run, $3, case when $5 then 'permanent' else 'transient' end, $4, started_at from failed
  on conflict do nothing
)
select state from failed
