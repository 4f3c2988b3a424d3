-- One step of the chain as one statement, with no claim before it: ends it, writes its row, and, at the first of the
-- two, records the event (1 KB) and makes the next step due. As many durable rows as a delivery of ours.
with turn as materialized (select nextval('bare_turn') as n),
done as (
  update bare_step set state = 'done'
  where id = (select case when n <= :runs then n else n - :runs + 1000000 end from turn) and state = 'due'
  returning id
),
effects as (
  insert into effect (run, body) select null, cast(:body as jsonb) from done
),
events as (
  insert into bare_event select id, cast(:body as jsonb) from done where id <= 1000000
)
insert into bare_step select id + 1000000, 'due' from done where id <= 1000000;
