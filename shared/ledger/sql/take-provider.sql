-- Takes $2 tokens of provider $1, or says how long to wait. The row is locked first; the clock is read afterwards, so it
-- is never behind what the row says, unless ledger time went back: then the row goes back with it, or whoever asks before
-- that was noticed would be told to wait until the time has come again.
with held as materialized (
  select name, capacity, per_ms, tokens, refilled_at, next_free_at from ledger.provider where name = $1 for update
),
asked as materialized (
  select h.*, ledger.ledger_now() as now from held h
),
clock as materialized (
  select a.name, a.capacity, a.per_ms, a.tokens, a.now, least(a.refilled_at, a.now) as refilled_at,
    a.next_free_at - greatest(a.refilled_at - a.now, interval '0') as next_free_at
  from asked a
),
filled as (
  select c.*,
    least(c.capacity, c.tokens
      + greatest(0, extract(epoch from c.now - c.refilled_at)) * 1000 * c.capacity / c.per_ms) as available,
    exists (select from ledger.pause p where p.name = c.name) as paused
  from clock c
),
decided as materialized (
  select f.*, not f.paused and (f.capacity is null or f.available >= $2::double precision) as granted,
    -- The token after those that wait already: nobody is promised it, but so they come one after the other.
    greatest(
      coalesce(f.next_free_at, f.now),
      f.now + ($2::double precision - f.available) * f.per_ms / f.capacity * interval '1 millisecond'
    ) as free_at
  from filled f
),
taken as (
  update ledger.provider p
  set tokens = case when d.capacity is null then 0 when d.granted then d.available - $2::double precision else d.available end,
      refilled_at = d.now,
      -- A bucket found full: those who were told times have not come (a backlog that was cancelled); nobody waits for
      -- them. Who needs all of it finds it full in turn.
      next_free_at = case when d.granted and d.available >= d.capacity and $2::double precision < d.capacity then null
        when d.granted or d.paused then d.next_free_at
        else d.free_at + $2::double precision * d.per_ms / d.capacity * interval '1 millisecond' end
  from decided d
  where p.name = d.name
)
select granted, paused as "isPaused", capacity,
  coalesce(extract(epoch from free_at - now) * 1000, 0)::double precision as "waitMs"
from decided
