-- The ledger: what has happened and what is due. docs/guarantees.md says what must hold.
--
-- The hot tables carry no foreign keys: every writer holds the run row, each check would cost a lock and an
-- index look-up a row, and rows are only ever deleted with their whole run (remove-run.sql).

create schema ledger;

-- Ledger time: the database's clock, plus an offset that only tests set.
create table ledger.clock (
  only_row boolean primary key default true check (only_row),
  shift interval not null default '0'
);
insert into ledger.clock default values;

create function ledger.ledger_now() returns timestamptz
language sql volatile parallel safe
as $$ select clock_timestamp() + (select shift from ledger.clock) $$;

-- Due deliveries are claimed in this order; lost ones get a negative number, ahead of the backlog.
create sequence ledger.due_seq cache 1;
create sequence ledger.id_seq cache 1;

-- Time-ordered uuid, version 8 (RFC 9562): 48 bits of milliseconds, 12 of a sequence, 44 random, 16 zero.
-- The zeros are room for the ordinals of emitted events: event id = delivery id + ordinal.
create function ledger.new_id() returns uuid
language sql volatile parallel safe
as $$
  select (
    lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || '8' || lpad(to_hex(nextval('ledger.id_seq') & 4095), 3, '0')
    || 'a' || substr(md5(gen_random_uuid()::text), 1, 11)
    || '0000'
  )::uuid
$$;

-- What events.yaml says, as of the newest deployment.
create table ledger.function (
  name text primary key,
  area text not null,
  profile text not null,
  -- Where its deliveries lie: its profile; '(paused)', which nobody serves, while a brake is on.
  lane text not null,
  run_as text not null check (run_as in ('service', 'job')),
  max_attempts int not null,
  timeout_ms int not null,
  -- Owners take turns in claims of its profile.
  turns boolean not null default false,
  -- Outside providers that it calls.
  uses text[] not null default '{}',
  -- It acts outside the ledger: a replay keeps what it did.
  outside boolean not null default false,
  active boolean not null default true
);

-- Brakes on functions and on providers. Their work stays due and is not claimed.
create table ledger.pause (
  name text primary key,
  kind text not null check (kind in ('function', 'provider')),
  since timestamptz not null default ledger.ledger_now(),
  by text not null,
  reason text not null
);

-- One row for each event type of each trigger.
create table ledger.subscription (
  function text not null references ledger.function (name),
  trigger int not null,
  event_type text not null,
  -- null: one event, one delivery.
  join_kind text check (join_kind in ('all', 'each', 'each-of')),
  -- How many distinct types an 'all' or 'each' join waits for.
  needs int,
  -- 'each': false where the type has not that key, so that it counts for every part.
  -- 'each-of': false for the event that carries the promise.
  keyed boolean not null default false,
  -- 'each' and 'each-of': the name of the key whose values are the parts.
  part text,
  filter jsonb,
  primary key (function, trigger, event_type)
);
create index subscription_event_type on ledger.subscription (event_type);

-- The events that settling a run publishes.
create table ledger.flow (
  name text primary key,
  completed text not null,
  failed text not null,
  -- It holds these alone; null: whatever its events reach.
  functions text[]
);

-- What came from outside through a bucket. The row lives as long as the object: it is one event, however often it is noticed.
create table ledger.noticed (
  bucket text not null,
  key text not null,
  -- SHA-256 of a file.
  version text not null,
  run uuid not null,
  noticed_at timestamptz not null default ledger.ledger_now(),
  primary key (bucket, key, version)
);

create table ledger.schedule (
  function text not null references ledger.function (name),
  trigger int not null,
  cron text not null,
  -- Name of a time zone (IANA).
  zone text not null,
  next_at timestamptz not null,
  last_at timestamptz,
  -- The run of the last tick.
  last_run uuid,
  primary key (function, trigger)
);

-- Whose turn it was last in a lane in which owners take turns.
create table ledger.turn (
  lane text primary key,
  after text not null default ''
);

create table ledger.host (
  id uuid primary key,
  -- Which installation it belongs to: a platform that starts anew on its data folder knows its own dead.
  home text not null,
  lane text not null,
  pid int not null,
  started_at timestamptz not null default ledger.ledger_now(),
  renewed_at timestamptz not null default ledger.ledger_now(),
  dead_at timestamptz
);
create index host_alive on ledger.host (renewed_at) where dead_at is null;

create table ledger.run (
  id uuid primary key,
  seq bigint generated always as identity,
  flow text not null,
  owner text not null,
  title text not null,
  labels jsonb not null default '{}',
  state text not null default 'running' check (state in ('running', 'completed', 'failed', 'cancelled')),
  -- A replay is a run of its own.
  forked_from uuid,
  replayed_from text,
  -- Functions whose copied results this replay keeps: they take no event in it.
  kept text[] not null default '{}',
  created_at timestamptz not null default ledger.ledger_now(),
  settled_at timestamptz,
  -- Why it failed: dead deliveries and missing parts.
  failure jsonb
);
create unique index run_owner_seq on ledger.run (owner, seq desc);
create index run_labels on ledger.run using gin (labels jsonb_path_ops);
create index run_unsettled on ledger.run (seq) where state = 'running';
create index run_forked_from on ledger.run (forked_from) where forked_from is not null;
create index run_settled on ledger.run (settled_at) where settled_at is not null;

-- A run with an open gate does not settle (a person must decide, an outside answer must come).
create table ledger.gate (
  run uuid not null,
  name text not null,
  opened_at timestamptz not null default ledger.ledger_now(),
  closed_at timestamptz,
  primary key (run, name)
);

create table ledger.event (
  id uuid primary key,
  run uuid not null,
  type text not null,
  source text not null,
  -- The CloudEvents id, where it came from outside.
  outside_id text,
  subject text,
  -- The part it stands for.
  key text,
  data jsonb not null,
  data_version int not null default 1,
  -- The delivery whose commit published it.
  cause uuid,
  traceparent text,
  -- Of the request that carried an Idempotency-Key.
  request_hash text,
  -- The event of another run that a replay copied.
  copied_from uuid,
  recorded_at timestamptz not null default ledger.ledger_now()
);
create index event_run on ledger.event (run);
create unique index event_outside on ledger.event (source, outside_id) where outside_id is not null;

create table ledger.delivery (
  id uuid primary key default ledger.new_id(),
  run uuid not null,
  event uuid not null,
  -- Frozen inputs of a join; null: the event alone.
  inputs uuid[],
  function text not null,
  trigger int not null,
  key text,
  owner text not null,
  lane text not null,
  -- The owner, where owners take turns; '' elsewhere, and for what goes ahead of everybody's.
  turn text not null default '',
  state text not null default 'due' check (state in ('due', 'leased', 'later', 'done', 'dead', 'cancelled')),
  -- due, leased or later. Indexes ask for this instead of the state, so that claims are HOT updates.
  open boolean not null default true,
  -- state = 'dead', for the same reason.
  dead boolean not null default false,
  seq bigint not null default nextval('ledger.due_seq'),
  later_at timestamptz,
  attempts int not null default 0,
  lost int not null default 0,
  -- How often a provider's limit put it off; no attempt is counted for that.
  postponed int not null default 0,
  fence bigint not null default 0,
  host uuid,
  wake_ups int not null default 0,
  wake_at timestamptz,
  created_at timestamptz not null default ledger.ledger_now(),
  started_at timestamptz,
  ended_at timestamptz,
  progress real not null default 0,
  message text,
  usage jsonb not null default '{}',
  -- Its handler wrote rows with the commit: a replay keeps what it did.
  wrote boolean not null default false,
  reply jsonb,
  error jsonb
) with (fillfactor = 80);
create index delivery_open on ledger.delivery (lane, turn, seq) where open and later_at is null;
create index delivery_dead on ledger.delivery (id) where dead;
create index delivery_later on ledger.delivery (later_at) where later_at is not null;
create index delivery_run on ledger.delivery (run);

-- Attempts that did not end well; a delivery that succeeds at once has none.
create table ledger.attempt (
  delivery uuid not null,
  fence bigint not null,
  run uuid not null,
  host uuid,
  outcome text not null check (outcome in ('transient', 'permanent', 'lost', 'postponed')),
  error jsonb,
  started_at timestamptz,
  ended_at timestamptz not null default ledger.ledger_now(),
  primary key (delivery, fence)
);
create index attempt_run on ledger.attempt (run);

-- Counters of a join in a run. Locked first, counted in a new statement: see docs/architecture.md.
create table ledger.join_group (
  id bigint generated always as identity primary key,
  run uuid not null,
  function text not null,
  trigger int not null,
  kind text not null check (kind in ('all', 'each', 'each-of')),
  needs int,
  part text,
  -- Distinct types that have come and count for every part.
  keyless int not null default 0,
  -- 'each-of': promised parts that have not come; null until the promise has.
  missing int,
  fired_at timestamptz,
  unique (run, function, trigger)
);

create table ledger.join_part (
  group_id bigint not null,
  type text not null,
  key text not null,
  event uuid not null,
  primary key (group_id, type, key)
);

create table ledger.join_key (
  group_id bigint not null,
  key text not null,
  arrived int not null,
  fired_at timestamptz,
  primary key (group_id, key)
);

-- Parts that a commit said would come.
create table ledger.promise (
  run uuid not null,
  name text not null,
  key text not null,
  -- The delivery whose commit said it.
  cause uuid not null,
  primary key (run, name, key)
);

create table ledger.artifact (
  run uuid not null,
  delivery uuid not null,
  name text not null,
  function text not null,
  part text,
  object_key text not null,
  type text not null,
  bytes bigint not null,
  sha256 text not null,
  created_at timestamptz not null default ledger.ledger_now(),
  primary key (run, delivery, name)
);
create index artifact_object on ledger.artifact (object_key);

-- Commands answered within the request, for 14 days.
create table ledger.answer (
  event uuid primary key,
  status int not null,
  reply jsonb,
  request_hash text not null,
  kept_until timestamptz not null
);
create index answer_kept_until on ledger.answer (kept_until);

-- Outside providers and their limits, shared by all processes: a bucket of tokens that fills evenly.
create table ledger.provider (
  name text primary key,
  -- Calls that may come at once, and the time in which so many grow again; null: no limit.
  capacity int,
  per_ms bigint,
  tokens double precision not null default 0,
  refilled_at timestamptz not null default ledger.ledger_now(),
  -- Those who are put off are spread from here at the provider's pace.
  next_free_at timestamptz,
  active boolean not null default true
);

-- Accounts whose personal data is to go, or went.
create table ledger.erasure (
  account text primary key,
  requested_at timestamptz not null default ledger.ledger_now(),
  requested_by text not null,
  runs int not null default 0,
  finished_at timestamptz
);

-- How far the walk of the sweep has come in each part of the artifacts bucket.
create table ledger.sweep (
  prefix text primary key,
  after text not null
);

-- The one scheduler that acts, where several run.
create table ledger.scheduler (
  only_row boolean primary key default true check (only_row),
  host uuid,
  renewed_at timestamptz
);
insert into ledger.scheduler default values;
