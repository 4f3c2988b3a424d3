-- What people meet for (calendars call it an event), who takes part, and pictures.

create table people.gathering (
  id uuid primary key,
  owner uuid not null references people.account on delete cascade,
  -- An imported calendar that it came with; null: made here.
  calendar uuid,
  -- Of iCalendar (RFC 5545, 3.8.4.7): the same on every import. Moved instances have their series' one.
  uid text not null,
  sequence int not null default 0,
  -- One instance that was moved or cancelled: its series, and the local time that the rule gives it.
  series uuid references people.gathering on delete cascade,
  recurrence_id text,
  title text not null,
  description text not null default '',
  place text not null default '',
  -- Local time of `zone` (2026-03-29T09:30:00), or a day (2026-03-29); the end is exclusive.
  starts text not null,
  ends text not null,
  all_day boolean not null default false,
  -- IANA; null: floating, its instants are reckoned as UTC.
  zone text,
  -- Instants of the first instance.
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- RRULE without its name; null: once, or only at `rdates`.
  rule text,
  -- Local times, as `starts` is written.
  rdates text[] not null default '{}',
  exdates text[] not null default '{}',
  recurs boolean not null generated always as (series is null and (rule is not null or rdates <> '{}')) stored,
  -- When the last instance ends; null: never.
  until_at timestamptz,
  status text not null default 'scheduled' check (status in ('scheduled', 'cancelled')),
  -- `invited` with nobody invited is private.
  visibility text not null default 'public' check (visibility in ('public', 'followers', 'invited')),
  -- Places; null: no limit.
  capacity int check (capacity > 0),
  -- Kept by a trigger.
  going int not null default 0,
  maybe int not null default 0,
  waiting int not null default 0,
  -- Goes up with each change: its entity tag.
  version int not null default 1,
  -- With the precision that a page's cursor carries: milliseconds.
  created_at timestamptz(3) not null default ledger.ledger_now(),
  updated_at timestamptz(3) not null default ledger.ledger_now(),
  -- A calendar may bring a moved instance without its series.
  check (series is null or recurrence_id is not null),
  check (starts_at <= ends_at)
);

create unique index gathering_uid on people.gathering (owner, calendar, uid, recurrence_id) nulls not distinct;
create unique index gathering_moved on people.gathering (series, recurrence_id) where series is not null;
create index gathering_of on people.gathering (owner, starts_at, id) where not recurs;
create index gathering_series_of on people.gathering (owner, starts_at, id) where recurs;
create index gathering_in_calendar on people.gathering (calendar, starts_at, id) where calendar is not null;
-- For the feed: newest first.
create index gathering_new on people.gathering (owner, created_at desc, id desc) where series is null and calendar is null;
-- Somebody waits and there is room: somebody left without saying so, with his account.
create index gathering_room on people.gathering (id) where waiting > 0 and (capacity is null or going < capacity);

-- Order of those who asked for a place.
create sequence people.participation_turn;

create table people.participation (
  -- A series as a whole.
  gathering uuid not null references people.gathering on delete cascade,
  account uuid not null references people.account on delete cascade,
  state text not null check (state in ('going', 'waiting', 'maybe', 'declined')),
  turn bigint not null default nextval('people.participation_turn'),
  -- Minutes before each instance; null: not wanted.
  remind_minutes int check (remind_minutes between 0 and 40320),
  -- When to look next whether it is time; null: never.
  remind_at timestamptz,
  -- Instances that begin by then need no reminder.
  reminded_until timestamptz not null,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (gathering, account)
);

create index participation_turns on people.participation (gathering, state, turn);
create index participation_of on people.participation (account, gathering);
create index participation_reminders on people.participation (remind_at) where remind_at is not null;

-- The table keeps the counts itself: whatever changes rows, the end of an account included.
create function people.recount_participation(gatherings uuid[], states text[], differences int[]) returns void
language sql as $$
  update people.gathering g set going = g.going + d.going, maybe = g.maybe + d.maybe, waiting = g.waiting + d.waiting
  from (
    select h.id, c.going, c.maybe, c.waiting from people.gathering h join (
      select gathering,
        coalesce(sum(n) filter (where state = 'going'), 0)::int as going,
        coalesce(sum(n) filter (where state = 'maybe'), 0)::int as maybe,
        coalesce(sum(n) filter (where state = 'waiting'), 0)::int as waiting
      from unnest(gatherings, states, differences) as u (gathering, state, n) group by gathering
    ) c on c.gathering = h.id and (c.going, c.maybe, c.waiting) <> (0, 0, 0)
    -- In order, so that two who change much never wait for each other in a circle.
    order by h.id for no key update of h
  ) d where g.id = d.id
$$;

create function people.count_participation() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform people.recount_participation(array_agg(gathering), array_agg(state), array_agg(1)) from added;
  elsif tg_op = 'DELETE' then
    perform people.recount_participation(array_agg(gathering), array_agg(state), array_agg(-1)) from removed;
  else
    perform people.recount_participation(array_agg(gathering), array_agg(state), array_agg(n)) from (
      select gathering, state, 1 as n from added union all select gathering, state, -1 from removed
    ) both_ways;
  end if;
  return null;
end $$;

create trigger participation_added after insert on people.participation
  referencing new table as added for each statement execute function people.count_participation();
create trigger participation_changed after update on people.participation
  referencing old table as removed new table as added
  for each statement execute function people.count_participation();
create trigger participation_removed after delete on people.participation
  referencing old table as removed for each statement execute function people.count_participation();

create table people.invitation (
  gathering uuid not null references people.gathering on delete cascade,
  account uuid not null references people.account on delete cascade,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (gathering, account)
);

create index invitation_of on people.invitation (account, gathering);

-- Bytes lie in the object store under pictures/{owner}/{id}/.
create table people.picture (
  id uuid primary key,
  owner uuid not null references people.account on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'ready', 'refused')),
  -- Code of why, where refused.
  refusal text,
  width int,
  height int,
  -- [{ "name": "small", "width": 320, "height": 240, "bytes": 12345 }], smallest first.
  sizes jsonb not null default '[]',
  -- The bytes that came are gone: they may say where and when a picture was taken.
  cleaned boolean not null default false,
  -- Null while something shows it.
  unused_since timestamptz default ledger.ledger_now(),
  created_at timestamptz(3) not null default ledger.ledger_now()
);

create index picture_of on people.picture (owner, created_at desc, id desc);
create index picture_unused on people.picture (unused_since) where unused_since is not null;
create index picture_unclean on people.picture (created_at) where not cleaned;

-- What shows a picture: an event, a post, a message.
create table people.picture_use (
  picture uuid not null references people.picture on delete cascade,
  kind text not null check (kind in ('gathering', 'post', 'message')),
  used_by uuid not null,
  position int not null default 0,
  primary key (kind, used_by, picture)
);

create index picture_use_of on people.picture_use (picture);
