-- A schedule may name a question of the database, a function that answers yes or no: without a yes it does not tick, and
-- an installation where nothing is to be done starts no process every minute to find that out.
alter table ledger.schedule add column condition text;

-- Runs ended that nobody was told of.
create function people.runs_ended() returns boolean language sql stable as $$
  select exists (
    select from people.runs_told t, ledger.run r
    where r.flow <> 'command' and r.owner <> 'millrace:schedule' and r.settled_at is not null
      and (r.settled_at, r.id) > (t.settled_at, t.run))
$$;

-- Something waits to be mailed together, or is old enough to be forgotten.
create function people.digests_due() returns boolean language sql stable as $$
  select exists (select from people.notification where mail_at <= ledger.ledger_now())
    or exists (select from people.notification where changed_at < ledger.ledger_now() - interval '180 days')
    or exists (select from people.mailing where created_at < ledger.ledger_now() - interval '180 days')
    or exists (select from people.notified where at < ledger.ledger_now() - interval '90 days')
$$;

create function people.reminders_due() returns boolean language sql stable as $$
  select exists (select from people.participation where remind_at is not null and remind_at <= ledger.ledger_now())
$$;

-- Somebody waits for a place in an event that has one.
create function people.places_free() returns boolean language sql stable as $$
  select exists (
    select from people.gathering
    where waiting > 0 and (capacity is null or going < capacity) and status = 'scheduled'
      and (until_at is null or until_at >= ledger.ledger_now()))
$$;

create function people.feeds_due() returns boolean language sql stable as $$
  select exists (select from people.calendar where due_at <= ledger.ledger_now())
$$;
