-- Makes due again what dead hosts held, ahead of the backlog. The first loss may be a neighbour's doing; $1 more, each
-- of a process that did nothing else, and it is dead. Locked rows (a commit in
-- flight) are skipped and looked at again.
with stranded as (
  select d.id from ledger.delivery d
  join ledger.host h on h.id = d.host
  where d.open and d.state = 'leased' and h.dead_at is not null
  order by d.id limit 500
  for update of d skip locked
),
released as (
  update ledger.delivery d
  set lost = d.lost + 1, host = null,
      state = case when d.lost >= $1 then 'dead' else 'due' end,
      open = d.lost < $1,
      seq = -nextval('ledger.due_seq'),
      ended_at = case when d.lost >= $1 then ledger.ledger_now() end,
      error = case when d.lost >= $1 then jsonb_build_object(
        'kind', 'permanent', 'code', 'host-lost',
        'message', format('Its process died %s times while working on it, the last times alone.', d.lost + 1)
      ) else d.error end
  where d.id = any (array(select id from stranded))
  returning d.id, d.run, d.fence, d.lane, d.state
),
noted as (
  insert into ledger.attempt (delivery, fence, run, outcome)
  select id, fence, run, 'lost' from released on conflict do nothing
)
select lane, run, state from released
