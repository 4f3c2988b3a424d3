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

-- Who reads all of more than one command marks: what stands in the list up to here is read, whatever its rows say.
alter table people.notification_settings
  add column read_to_at timestamptz(3),
  add column read_to_id uuid,
  -- When it was read.
  add column read_to_since timestamptz(3),
  add check (num_nulls(read_to_at, read_to_id, read_to_since) in (0, 3));

-- When a notification was read: by itself, or with all that stood in the list.
create function people.read_at(n people.notification) returns timestamptz language sql stable as $$
  select coalesce(n.read_at, (
    select s.read_to_since from people.notification_settings s
    where s.account = n.account and n.in_app and (n.changed_at, n.id) <= (s.read_to_at, s.read_to_id)))
$$;
