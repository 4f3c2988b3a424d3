-- Delivery $1 waits $5 milliseconds for a provider, $4 says why; no attempt is counted. $2 fence, $3 host
with postponed as (
  update ledger.delivery d
  set state = 'later', later_at = ledger.ledger_now() + $5 * interval '1 millisecond', postponed = d.postponed + 1,
      host = null, progress = 0, message = $4::jsonb ->> 'message'
  where d.id = $1 and d.state = 'leased' and d.fence = $2 and d.host = $3
  returning d.id, d.fence, d.run, d.started_at
),
noted as (
  insert into ledger.attempt (delivery, fence, run, host, outcome, error, started_at)
  select id, fence, run, $3, 'postponed', $4::jsonb, started_at from postponed
  on conflict do nothing
)
select id from postponed
