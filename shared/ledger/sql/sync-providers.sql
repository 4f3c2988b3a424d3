-- Providers as events.yaml has them: arrays of names, calls at once, milliseconds in which so many grow again.
with retired as (
  update ledger.provider set active = false where active and name <> all ($1::text[])
)
insert into ledger.provider (name, capacity, per_ms, tokens)
select name, capacity, per_ms, coalesce(capacity, 0)
from unnest($1::text[], $2::int[], $3::bigint[]) as p (name, capacity, per_ms)
on conflict (name) do update set
  capacity = excluded.capacity, per_ms = excluded.per_ms, active = true,
  tokens = case when provider.capacity is null then coalesce(excluded.capacity, 0)
    else least(provider.tokens, coalesce(excluded.capacity, 0)) end
