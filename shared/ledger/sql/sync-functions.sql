-- Functions as events.yaml has them: arrays of names, areas, profiles, run_as, attempts, time limits, turns,
-- providers (joined by commas), outside, how many are woken at most. What has a brake on is parked afterwards (park.sql).
with wanted as (
  select name, area, profile, run_as, max_attempts, timeout_ms, turns,
    coalesce(string_to_array(nullif(uses, ''), ','), '{}') as uses, outside, woken_most
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::boolean[], $8::text[], $9::boolean[],
    $10::int[])
    as f (name, area, profile, run_as, max_attempts, timeout_ms, turns, uses, outside, woken_most)
),
retired as (
  update ledger.function f set active = false
  where f.active and f.name <> all ($1::text[])
)
insert into ledger.function (name, area, profile, lane, run_as, max_attempts, timeout_ms, turns, uses, outside,
  woken_most)
select name, area, profile, profile, run_as, max_attempts, timeout_ms, turns, uses, outside, woken_most from wanted order by name
on conflict (name) do update set
  area = excluded.area, profile = excluded.profile, lane = excluded.lane, run_as = excluded.run_as,
  max_attempts = excluded.max_attempts, timeout_ms = excluded.timeout_ms, turns = excluded.turns,
  uses = excluded.uses, outside = excluded.outside, woken_most = excluded.woken_most,
  active = true
