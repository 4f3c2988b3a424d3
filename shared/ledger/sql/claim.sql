-- Claims up to $4 due deliveries of lane $2 for host $1, functions $3; $5: only those that a lost host left. Answers a
-- row at least: `horizon` is the last seq given out, null when what is due may have been held back from this host.
--
-- $6: nothing at or above zero and below it is looked at, for nothing there can become due any more (claim-bound.ts):
-- index entries of what was finished stay until nobody can see it any more, and one open snapshot would make every claim
-- wade through them. What is below zero goes ahead of the backlog: in (-2^60, 0) what hosts lost or gave back, under
-- -2^60 what was passed over (pass-over.sql) and what comes back from a brake. `xmin` and `xmax` tell which transactions
-- were under way when this one looked.
--
-- The host row is locked so that a takeover and a claim cannot pass each other.
--
-- Where owners take turns, a look into the index finds who comes next after the one served last: so many looks as
-- deliveries are wanted, however long anybody's queue is. Elsewhere all deliveries have the turn ''.
with recursive host as materialized (
  select id from ledger.host where id = $1 and dead_at is null for key share
),
cursor as materialized (
  select after from ledger.turn where lane = $2 and not $5::boolean
),
ahead (n, turn) as (
  select 0, after from cursor
  union all
  select n + 1, (
    select d.turn from ledger.delivery d
    where d.open and d.later_at is null and d.lane = $2 and d.turn > ahead.turn
      and d.state = 'due' and d.function = any ($3::text[])
    order by d.turn, d.seq limit 1
  )
  from ahead where turn is not null and n < 2 * $4 + 4
),
behind (n, turn) as (
  select 0, '' from cursor
  union all
  select n + 1, (
    select d.turn from ledger.delivery d
    where d.open and d.later_at is null and d.lane = $2
      and d.turn > behind.turn and d.turn <= (select after from cursor)
      and d.state = 'due' and d.function = any ($3::text[])
    order by d.turn, d.seq limit 1
  )
  from behind where turn is not null and n < 2 * $4 + 4
),
-- What a lost host left and what a leaving host gave back has the turn '' and comes first.
queue (n, turn, low, high) as materialized (
  select 0, '', case when $5 then -1152921504606846976 else -9223372036854775808 end, 0::bigint
  union all select 1, '', $6::bigint, 9223372036854775807 where not $5::boolean
  union all select 1 + n, turn, 0::bigint, 9223372036854775807 from ahead where n > 0 and turn is not null
  union all select 100000 + n, turn, 0::bigint, 9223372036854775807 from behind where n > 0 and turn is not null
  order by 1
),
share as materialized (
  select greatest(1, $4 / greatest(1, count(*) filter (where n > 1))) as each from queue
),
-- While work that a lost host left waits, nobody begins anything else: hosts run empty, then run it alone.
held as materialized (
  select 1 from ledger.delivery w
  where not $5::boolean
    and w.open and w.later_at is null and w.lane = $2 and w.turn = '' and w.seq > -1152921504606846976 and w.seq < 0
    and w.state = 'due' and w.lost > 0 and w.function = any ($3::text[])
  limit 1
),
-- Each owner's share first …
fair as materialized (
  select q.n, q.turn, d.id
  from queue q
  cross join lateral (
    select d.id from ledger.delivery d
    where exists (select from host)
      and d.open and d.later_at is null and d.lane = $2 and d.turn = q.turn
      and d.seq >= q.low and d.seq < q.high
      and d.state = 'due' and d.function = any ($3::text[])
      and (d.lost > 0) = $5::boolean
      and not exists (select from held)
    order by d.seq
    limit case when q.n < 2 then $4 else (select each from share) end
    for update of d skip locked
  ) d
  limit $4
),
-- … then what the others leave over.
rest as materialized (
  select q.n, q.turn, d.id
  from queue q
  cross join lateral (
    select d.id from ledger.delivery d
    where q.n > 1
      and exists (select from fair)
      and d.open and d.later_at is null and d.lane = $2 and d.turn = q.turn
      and d.state = 'due' and d.function = any ($3::text[])
      and d.lost = 0
      and d.id <> all (array(select id from fair))
    order by d.seq
    limit $4
    for update of d skip locked
  ) d
  limit $4 - (select count(*) from fair)
),
served as (
  update ledger.turn t set after = last.turn
  from (select turn from fair where n > 1 order by n desc limit 1) last
  where t.lane = $2 and t.after <> last.turn
),
claimed as (
  update ledger.delivery d
  set state = 'leased', host = $1, fence = d.fence + 1, started_at = ledger.ledger_now(), progress = 0, message = null
  -- The array and the single looks below keep the plan on primary keys: a generic plan takes any limit for a tenth
  -- of the backlog.
  where d.id = any (array(select id from fair union all select id from rest))
  returning d.seq, d.id, d.run, d.function, d.key, d.owner, d.attempts, d.lost, d.fence, d.event, d.inputs
)
select
  -- Nobody waits for the disk: a claim that the server forgets when it crashes is due again, and whoever still works on
  -- it is refused, because a commit needs it leased.
  set_config('synchronous_commit', 'off', true) as disk,
  exists (select from held) as "isHeld",
  case when exists (select from host) and not exists (select from held) then s.last_value end as horizon,
  pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin,
  pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax,
  c.seq, c.id, c.run, c.function, c.key, c.owner, c.attempts, c.lost, c.fence,
  (select f.timeout_ms from ledger.function f where f.name = c.function) as "timeoutMs",
  (select r.title from ledger.run r where r.id = c.run) as title,
  case when c.inputs is null then (
    select json_build_array(json_build_object(
      'id', e.id, 'type', e.type, 'key', e.key, 'data', e.data, 'traceparent', e.traceparent
    ))
    from ledger.event e where e.id = c.event
  ) else (
    select json_agg(json_build_object(
      'id', e.id, 'type', e.type, 'key', e.key, 'data', e.data, 'traceparent', e.traceparent
    ) order by e.type, e.key)
    from ledger.event e where e.id = any (c.inputs)
  ) end as events
from ledger.due_seq s left join claimed c on true
order by c.seq
