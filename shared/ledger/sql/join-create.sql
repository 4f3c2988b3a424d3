-- Makes the join groups of run $1 that events of the types $2 touch; always in one order, so that two
-- transactions that make the same groups wait and do not deadlock. $3: functions that take nothing in this run.
insert into ledger.join_group (run, function, trigger, kind, needs, part)
select distinct $1::uuid, s.function, s.trigger, s.join_kind, s.needs, s.part
from ledger.subscription s
join ledger.function f on f.name = s.function and f.active
where s.event_type = any ($2::text[]) and s.join_kind is not null and s.function <> all ($3::text[])
order by s.function, s.trigger
on conflict (run, function, trigger) do nothing
