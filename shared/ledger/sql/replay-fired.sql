-- Joins of run $1 whose delivery is there have fired.
update ledger.join_group g
set fired_at = (
  select min(d.created_at) from ledger.delivery d
  where d.run = g.run and d.function = g.function and d.trigger = g.trigger
)
where g.run = $1 and g.kind in ('all', 'each-of')
