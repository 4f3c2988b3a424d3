-- Ledger time is asked for five times a delivery. With its offset in a sequence, the function is one expression, which
-- the planner puts into the statement; a look into a table cost eight times as much.
create sequence ledger.clock_shift minvalue -1000000000000;
comment on sequence ledger.clock_shift is 'Milliseconds that ledger time is ahead of the server; only tests set it.';

create or replace function ledger.ledger_now() returns timestamptz
language sql volatile parallel safe
as $$
  select clock_timestamp()
    + coalesce(pg_sequence_last_value('ledger.clock_shift'::regclass), 0) * interval '1 millisecond'
$$;

drop table ledger.clock;
