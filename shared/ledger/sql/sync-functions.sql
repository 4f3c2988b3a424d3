-- Functions as events.yaml has them: arrays of names, areas, lanes, run_as, attempts, time limits.
with wanted as (
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[])
    as f (name, area, lane, run_as, max_attempts, timeout_ms)
),
retired as (
  update ledger.function f set active = false
  where f.active and f.name <> all ($1::text[])
)
insert into ledger.function (name, area, lane, run_as, max_attempts, timeout_ms)
select * from wanted order by name
on conflict (name) do update set
  area = excluded.area, lane = excluded.lane, run_as = excluded.run_as,
  max_attempts = excluded.max_attempts, timeout_ms = excluded.timeout_ms, active = true
