-- Subscriptions as events.yaml has them: arrays of functions, triggers, types, join kinds, needs, keyed, parts.
insert into ledger.subscription (function, trigger, event_type, join_kind, needs, keyed, part)
select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::int[], $6::boolean[], $7::text[])
order by 1, 2, 3
