-- What stands in the way of run $1, and what it lacks. Runs under the run's lock, in a statement of its own.
select
  exists (select from ledger.delivery d where d.run = $1 and d.open)
    or exists (select from ledger.gate g where g.run = $1 and g.closed_at is null) as "isOpen",
  coalesce((
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
      'delivery', d.id, 'function', d.function, 'key', d.key,
      'code', coalesce(d.error ->> 'code', 'unknown'), 'message', coalesce(d.error ->> 'message', '')
    )) order by d.id)
    from ledger.delivery d where d.run = $1 and d.state = 'dead'
  ), '[]') as dead,
  coalesce((
    select jsonb_agg(jsonb_build_object('function', short.function, 'parts', short.parts) order by short.function)
    from (
      -- 'each-of': promised parts that never came, or the promise itself.
      select g.function, case when g.missing is null
        then (select coalesce(jsonb_agg(s.event_type), '[]') from ledger.subscription s
              where s.function = g.function and s.trigger = g.trigger and not s.keyed)
        else (select coalesce(jsonb_agg(p.key order by p.key), '[]') from ledger.promise p
              where p.run = g.run and p.name = g.part and not exists (
                select from ledger.join_part x where x.group_id = g.id and x.key = p.key))
        end as parts
      from ledger.join_group g
      where g.run = $1 and g.kind = 'each-of' and g.fired_at is null
      union all
      -- 'all': types that never came.
      select g.function, (
        select coalesce(jsonb_agg(s.event_type order by s.event_type), '[]') from ledger.subscription s
        where s.function = g.function and s.trigger = g.trigger and not exists (
          select from ledger.join_part x where x.group_id = g.id and x.type = s.event_type))
      from ledger.join_group g
      where g.run = $1 and g.kind = 'all' and g.fired_at is null
      union all
      -- 'each': keys of which something came, but not all; and a promise of keys of which nothing came.
      select g.function, jsonb_agg(short_key.key order by short_key.key)
      from ledger.join_group g
      cross join lateral (
        select k.key from ledger.join_key k where k.group_id = g.id and k.fired_at is null
        union all
        select p.key from ledger.promise p
        where p.run = g.run and p.name = g.part
          and not exists (select from ledger.join_key k where k.group_id = g.id and k.key = p.key)
      ) short_key
      where g.run = $1 and g.kind = 'each'
      group by g.id
    ) short
  ), '[]') as missing
