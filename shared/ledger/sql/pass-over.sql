-- The due deliveries $1 wait below what hosts claim, or would without harm: they go ahead of the backlog, in their order.
with waiting as (
  select id from ledger.delivery
  where id = any ($1::uuid[]) and open and later_at is null and state = 'due' and turn = '' and seq > 0
  order by id
  for update skip locked
)
update ledger.delivery d set seq = d.seq - 2305843009213693952 where d.id = any (array(select id from waiting))
