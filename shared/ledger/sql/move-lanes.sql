-- Open deliveries follow their function into the lane that it has now: no host of the old one would claim them.
with moved as (
  select d.id, f.lane
  from ledger.delivery d
  join ledger.function f on f.name = d.function
  where d.open and d.lane <> f.lane
  order by d.id
  for update of d
)
update ledger.delivery d set lane = moved.lane from moved where d.id = moved.id
