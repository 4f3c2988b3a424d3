-- What was put off and has come of age becomes due, at most $1 at a time; what a lost host left still runs alone.
-- The array keeps the plan on the primary key: a generic plan takes any limit for a tenth of the table.
with ripe as (
  select id from ledger.delivery
  where later_at <= (select ledger.ledger_now())
  order by later_at, id limit $1
  for update skip locked
)
update ledger.delivery d
set state = 'due', later_at = null, wake_at = null,
    seq = case when d.lost > 0 then -nextval('ledger.due_seq') else nextval('ledger.due_seq') end,
    turn = case when d.lost > 0 then '' else (
      select case when f.turns then d.owner else '' end from ledger.function f where f.name = d.function
    ) end
where d.id = any (array(select id from ripe))
returning d.lane
