-- Copies the deliveries $3 of run $1 into run $2 as $4, with their results; those in $5 are due there instead.
-- Inputs that are not copied keep the id that they have in the old run; but what is due takes in their place what came
-- of the same type and key: the old run may itself be a replay that kept a step with the inputs of a run before it.
with event as (
  select copied_from as old, id as new from ledger.event where run = $2
),
copy as (
  select m.new, d.*, d.id = any ($5::uuid[]) as is_due, f.lane as lane_now, f.turns
  from unnest($3::uuid[], $4::uuid[]) as m (old, new)
  join ledger.delivery d on d.id = m.old and d.run = $1
  left join ledger.function f on f.name = d.function
),
instead as (
  select i.id as old, (
    select e.id from ledger.event o
    join ledger.event e on e.run = $2 and e.type = o.type and e.key is not distinct from o.key
    where o.id = i.id order by e.id limit 1
  ) as new
  from copy c cross join lateral unnest(coalesce(c.inputs, array[c.event])) as i (id)
  where c.is_due and not exists (select from event e where e.old = i.id)
)
insert into ledger.delivery (
  id, run, event, inputs, function, trigger, key, owner, lane, turn, state, open, dead, seq, attempts, lost, postponed,
  created_at, started_at, ended_at, progress, message, usage, reply, error, wrote
)
select
  c.new, $2, coalesce(
    (select e.new from event e where e.old = c.event),
    (select s.new from instead s where s.old = c.event and c.is_due limit 1),
    c.event
  ),
  (select array_agg(coalesce(e.new, (select s.new from instead s where s.old = i.id and c.is_due limit 1), i.id) order by i.n)
   from unnest(c.inputs) with ordinality as i (id, n) left join event e on e.old = i.id),
  c.function, c.trigger, c.key, c.owner, coalesce(c.lane_now, c.lane),
  case when c.turns and c.is_due then c.owner else '' end,
  case when c.is_due then 'due' else c.state end, c.is_due, c.dead and not c.is_due,
  case when c.is_due then nextval('ledger.due_seq') else 0 end,
  case when c.is_due then 0 else c.attempts end, case when c.is_due then 0 else c.lost end,
  case when c.is_due then 0 else c.postponed end,
  case when c.is_due then ledger.ledger_now() else c.created_at end,
  case when not c.is_due then c.started_at end, case when not c.is_due then c.ended_at end,
  case when c.is_due then 0 else c.progress end, case when not c.is_due then c.message end,
  case when c.is_due then '{}' else c.usage end, case when not c.is_due then c.reply end,
  case when not c.is_due then c.error end, c.wrote and not c.is_due
from copy c
order by c.new
returning case when open then lane end as lane
