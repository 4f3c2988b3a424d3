-- What people are told of, where they want to be told, and the mails and browsers that tell them.

-- One row a person who was ever told anything. Whoever tells somebody holds it until his commit.
create table people.notification_settings (
  account uuid primary key references people.account on delete cascade,
  -- Kind to what differs from the defaults: { "liked": { "email": "none" } }.
  preferences jsonb not null default '{}',
  -- Goes up with each change: its entity tag.
  version int not null default 1,
  -- Signs the links of his mails that need no sign-in.
  unsubscribe_key bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
);

-- A mail that was asked for: a notification, or a digest of several.
create table people.mailing (
  id uuid primary key,
  account uuid not null references people.account on delete cascade,
  -- Null: a digest.
  kind text,
  created_at timestamptz not null default ledger.ledger_now()
);

-- How many of a kind went out lately.
create index mailing_of on people.mailing (account, kind, created_at);
create index mailing_old on people.mailing (created_at);

-- Times have the precision that a page's cursor carries: milliseconds.
create table people.notification (
  id uuid primary key default ledger.new_id(),
  account uuid not null references people.account on delete cascade,
  kind text not null,
  -- Id of what it is about: a post, a conversation, a run; '' where there is nothing but the kind.
  subject text not null default '',
  -- Who did it last, how many different people did, and how often it was done.
  actor uuid references people.account on delete set null,
  people int not null default 0,
  occasions int not null default 1,
  -- Of what an admin wrote.
  title text,
  body text,
  -- Whether it stands in the list; another is only mailed or pushed.
  in_app boolean not null,
  -- It takes up further occasions of the same thing: until it is read, or a day old.
  is_open boolean not null default true,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  changed_at timestamptz(3) not null default ledger.ledger_now(),
  read_at timestamptz(3),
  -- It waits for a digest, from then on; null: it does not.
  mail_at timestamptz,
  -- The one mail that it stands in.
  mailing uuid references people.mailing on delete set null,
  pushed_at timestamptz
) with (fillfactor = 80);

create unique index notification_open on people.notification (account, kind, subject) where is_open;
create index notification_list on people.notification (account, changed_at desc, id desc) where in_app;
create index notification_unread on people.notification (account, changed_at desc, id desc) where in_app and read_at is null;
create index notification_history on people.notification (account, changed_at desc, id desc);
create index notification_waiting on people.notification (mail_at, account) where mail_at is not null;
create index notification_waits_of on people.notification (account) where mail_at is not null;
create index notification_in_mail on people.notification (mailing) where mailing is not null;
create index notification_actor_of on people.notification (actor) where actor is not null;
create index notification_old on people.notification (changed_at);

-- Who takes part in a notification: each counts once.
create table people.notification_actor (
  notification uuid not null references people.notification on delete cascade,
  actor uuid not null references people.account on delete cascade,
  primary key (notification, actor)
);

create index notification_actor_is on people.notification_actor (actor);

-- What somebody was told of already: whoever likes, takes it back and likes again is told of once.
create table people.notified (
  account uuid not null references people.account on delete cascade,
  key text not null,
  at timestamptz not null default ledger.ledger_now(),
  primary key (account, key)
);

create index notified_at on people.notified (at);

-- A browser that takes pushes (RFC 8030).
create table people.push_subscription (
  id uuid primary key,
  account uuid not null references people.account on delete cascade,
  endpoint text not null,
  -- SHA-256: a browser is one person's at a time.
  endpoint_hash bytea not null,
  -- The browser's public key and secret (RFC 8291).
  p256dh bytea not null,
  auth bytea not null,
  client text not null,
  -- In a row; a push that arrives makes it 0.
  failures int not null default 0,
  created_at timestamptz not null default ledger.ledger_now(),
  constraint push_subscription_endpoint unique (endpoint_hash)
);

create index push_subscription_of on people.push_subscription (account, created_at desc, id);

-- How far people were told of their runs that ended.
create table people.runs_told (
  single boolean primary key default true check (single),
  settled_at timestamptz not null default ledger.ledger_now(),
  run uuid not null default '00000000-0000-0000-0000-000000000000'
);

insert into people.runs_told default values;

-- Commands are no runs that anybody waits for, and by far the most.
create index run_to_tell on ledger.run (settled_at, id) where settled_at is not null and flow <> 'command';
