-- Calendars: files that were imported, feeds that are looked at again and again, and addresses where others may subscribe.

create table people.calendar (
  -- That of his account: what its owner made here and takes part in. Its row is there once it has a secret address.
  id uuid primary key,
  owner uuid not null references people.account on delete cascade,
  kind text not null check (kind in ('own', 'file', 'feed')),
  name text not null,
  -- Of a feed. It may open what its owner shows nobody.
  url text,
  state text not null default 'good' check (state in ('waiting', 'good', 'failing')),
  -- Code of why it cannot be read.
  failure text,
  failures int not null default 0,
  -- What the feed said of its version, and SHA-256 of what it held.
  etag text,
  last_modified text,
  digest bytea,
  checked_at timestamptz,
  changed_at timestamptz,
  -- When to look at the feed again; null: never.
  due_at timestamptz,
  -- Ends the address that others subscribe to.
  feed_token text,
  created_at timestamptz not null default now(),
  check ((kind = 'feed') = (url is not null)),
  constraint calendar_token unique (feed_token)
);

create unique index calendar_file on people.calendar (owner, name) where kind = 'file';
create unique index calendar_feed on people.calendar (owner, url) where kind = 'feed';
create index calendar_of on people.calendar (owner, created_at desc, id desc);
create index calendar_due on people.calendar (due_at) where due_at is not null;

alter table people.gathering
  -- When an imported one was last changed where it comes from.
  add column source_modified_at timestamptz,
  add constraint gathering_calendar foreign key (calendar) references people.calendar on delete cascade;
