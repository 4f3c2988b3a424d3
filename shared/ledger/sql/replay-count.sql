-- Counters of run $1's join groups, from the parts that they have.
with keys as (
  insert into ledger.join_key (group_id, key, arrived, fired_at)
  select g.id, p.key, count(*), (
    select min(d.created_at) from ledger.delivery d
    where d.run = g.run and d.function = g.function and d.trigger = g.trigger and d.key = p.key
  )
  from ledger.join_group g join ledger.join_part p on p.group_id = g.id
  where g.run = $1 and g.kind = 'each' and p.key <> ''
  group by g.id, p.key
)
update ledger.join_group g
set keyless = (select count(*) from ledger.join_part p where p.group_id = g.id and p.key = ''),
    missing = case when g.kind = 'each-of' and exists (
      select from ledger.join_part p where p.group_id = g.id and p.key = ''
    ) then (
      select count(*) from ledger.promise x
      where x.run = g.run and x.name = g.part
        and not exists (select from ledger.join_part p where p.group_id = g.id and p.key = x.key)
    ) end
where g.run = $1
