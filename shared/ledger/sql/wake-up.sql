-- Takes up to $3 deliveries of lanes $1 that are to be woken by name, and says when each is woken next while it stays due:
-- services after 5, 10 … 60 s, jobs after 1, 2, 4 … 15 min. No function has more than `woken_most` that are woken and
-- have not ended; owners take turns.
--
-- $2: only services, and only of the newest deliveries: who has just made something due need not read past a backlog.
-- The scheduler finds the rest, and alone wakes jobs and wakes again.
with room as materialized (
  select f.name, w.room
  from ledger.function f
  cross join lateral (
    select f.woken_most - count(*) as room from ledger.delivery w
    where w.function = f.name and w.open and w.later_at is null and w.wake_at is not null
  ) w
  where f.lane = any ($1::text[]) and (f.run_as = 'service' or not $2::boolean) and w.room > 0
),
newest as materialized (
  select d.* from ledger.delivery d where $2::boolean order by d.id desc limit 200
),
candidate as materialized (
  select d.id, d.function, d.turn, d.seq
  from newest d
  where d.open and d.later_at is null and d.lane = any ($1::text[]) and d.state = 'due' and d.wake_at is null
    and d.function = any (array(select name from room))
  union all
  select d.id, d.function, d.turn, d.seq
  from ledger.delivery d
  where not $2::boolean
    and d.open and d.later_at is null and d.lane = any ($1::text[]) and d.state = 'due' and d.wake_at is null
    and d.function = any (array(select name from room))
),
turned as (
  select id, function, turn, seq, row_number() over (partition by function, turn order by seq) as nth
  from candidate
),
ranked as (
  select id, function, nth, row_number() over (partition by function order by nth, turn, seq) as place from turned
),
first_time as materialized (
  select r.id from ranked r join room on room.name = r.function and r.place <= room.room
  order by r.place limit $3
),
again as materialized (
  select d.id
  from ledger.delivery d
  where not $2::boolean
    and d.open and d.later_at is null and d.wake_at is not null and d.lane = any ($1::text[]) and d.state = 'due'
    -- Farther ahead than any wait is: ledger time went back.
    and (d.wake_at <= ledger.ledger_now() or d.wake_at > ledger.ledger_now() + interval '20 minutes')
  order by d.wake_at limit $3
),
picked as materialized (
  select d.id
  from ledger.delivery d
  where d.id = any (array(select id from again union all select id from first_time limit $3))
    and d.open and d.later_at is null and d.state = 'due'
    -- Whoever was faster has said when it is next.
    and (d.wake_at is null or d.wake_at <= ledger.ledger_now()
      or d.wake_at > ledger.ledger_now() + interval '20 minutes')
  order by d.id
  for update of d skip locked
)
update ledger.delivery d
set wake_ups = d.wake_ups + 1,
    wake_round = case when d.wake_at is null then 0 else least(d.wake_round + 1, 10) end,
    wake_at = ledger.ledger_now() + interval '1 second' * (
      select case when f.run_as = 'job' then least(60 * r.times, 900) else least(5 * r.times, 60) end
      from ledger.function f,
        (select power(2, case when d.wake_at is null then 0 else least(d.wake_round + 1, 10) end)) as r (times)
      where f.name = d.function
    )
where d.id = any (array(select id from picked))
returning d.id as delivery, d.function, d.wake_ups as number
