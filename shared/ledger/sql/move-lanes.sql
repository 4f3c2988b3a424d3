-- Open deliveries follow their function into the lane that it has now: no host of the old one would claim them.
-- The array keeps the plan on the primary key.
with moved as (
  select d.id
  from ledger.delivery d
  join ledger.function f on f.name = d.function
  where ((d.open and d.later_at is null) or d.later_at is not null)
    and (d.lane <> f.lane or (d.seq > 0 and d.turn <> case when f.turns then d.owner else '' end))
  order by d.id
  for update of d
)
update ledger.delivery d
set wake_at = null,
    lane = (select f.lane from ledger.function f where f.name = d.function),
    -- Hosts may have claimed beyond it: it goes ahead of the backlog, in the order that it had.
    seq = case when d.seq > 0 and not (select f.turns or f.lane = d.lane from ledger.function f where f.name = d.function)
      then d.seq - 2305843009213693952 else d.seq end,
    turn = (
      select case when f.turns and d.seq > 0 then d.owner else '' end
      from ledger.function f where f.name = d.function
    )
where d.id = any (array(select id from moved))
