-- Join groups of run $1 for run $2, with the parts whose events were copied.
with grown as (
  insert into ledger.join_group (run, function, trigger, kind, needs, part)
  select $2, function, trigger, kind, needs, part from ledger.join_group where run = $1
  order by function, trigger
  returning id, function, trigger
)
insert into ledger.join_part (group_id, type, key, event)
select n.id, p.type, p.key, e.id
from grown n
join ledger.join_group g on g.run = $1 and g.function = n.function and g.trigger = n.trigger
join ledger.join_part p on p.group_id = g.id
join ledger.event e on e.run = $2 and e.copied_from = p.event
