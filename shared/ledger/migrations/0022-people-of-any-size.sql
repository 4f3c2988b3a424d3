-- Events whose times changed, with guests whose reminders are still to be reckoned by the new ones: a piece at a time.
create table people.retimed (
  gathering uuid primary key references people.gathering on delete cascade,
  -- The change: what begins within somebody's time from then on needs no reminder.
  at timestamptz not null default ledger.ledger_now(),
  -- Guests up to this one are done, in the order of their ids.
  done_to uuid not null default '00000000-0000-0000-0000-000000000000'
);

create or replace function people.reminders_due() returns boolean language sql stable as $$
  select exists (select from people.participation where remind_at is not null and remind_at <= ledger.ledger_now())
    or exists (select from people.retimed)
$$;
