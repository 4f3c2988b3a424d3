-- Makes due again what dead hosts held, ahead of the backlog. The first loss may be a neighbour's doing; $1 more, each
-- of a process that did nothing else, and it is dead. Locked rows (a commit in
-- flight) are skipped and looked at again. While no dead host may hold anything, the backlog is not read.
with dead as materialized (
  select id from ledger.host where dead_at is not null and emptied_at is null
),
stranded as (
  select d.id, d.host from ledger.delivery d
  where exists (select from dead)
    and d.open and d.later_at is null and d.state = 'leased' and d.host = any (array(select id from dead))
  order by d.id limit 500
  for update of d skip locked
),
released as (
  update ledger.delivery d
  set lost = d.lost + 1, host = null,
      state = case when d.lost >= $1 then 'dead' else 'due' end,
      open = d.lost < $1,
      dead = d.lost >= $1,
      seq = -nextval('ledger.due_seq'),
      turn = '',
      wake_at = null,
      ended_at = case when d.lost >= $1 then ledger.ledger_now() end,
      error = case when d.lost >= $1 then jsonb_build_object(
        'kind', 'permanent', 'code', 'host-lost',
        'message', format('Its process died %s times while working on it, the last times alone.', d.lost + 1)
      ) else d.error end
  from stranded
  where d.id = stranded.id and d.id = any (array(select id from stranded))
  returning d.id, d.run, d.fence, d.lane, d.state, d.started_at, stranded.host
),
-- They claim nothing more (claim.sql): one that holds nothing now stays empty.
emptied as (
  update ledger.host h set emptied_at = ledger.ledger_now()
  where not exists (select from stranded)
    and h.id = any (array(select id from dead))
    and not exists (
      select from ledger.delivery d
      where d.open and d.later_at is null and d.state = 'leased' and d.host = h.id
    )
),
noted as (
  insert into ledger.attempt (delivery, fence, run, host, outcome, started_at)
  select id, fence, run, host, 'lost', started_at from released on conflict do nothing
)
select lane, run, state from released
