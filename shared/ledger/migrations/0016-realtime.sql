-- What people hear while they are away or connected: each has positions of his own, without a gap, in the order of commits.
create table people.hearer (
  account uuid primary key references people.account on delete cascade,
  -- The position given out last. Its row is locked until the commit: so no later position is visible before an earlier one.
  last bigint not null
) with (fillfactor = 70);

-- What was said, once for all who hear it.
create table people.told (
  id bigint generated always as identity primary key,
  type text not null,
  data jsonb not null,
  at timestamptz not null default ledger.ledger_now()
);

create index told_at on people.told (at);

create table people.heard (
  account uuid not null references people.hearer on delete cascade,
  position bigint not null,
  told bigint not null references people.told on delete cascade,
  primary key (account, position)
);

create index heard_told on people.heard (told);

-- Opens one stream, once: for pages, which can send no header. Only its hash (SHA-256) is kept.
create table people.stream_ticket (
  hash bytea primary key,
  sub text not null,
  -- Of a token that the operator made it may be any name.
  account text not null,
  session uuid,
  -- Of the token that it was made with: the stream ends then.
  token_expires_at timestamptz not null,
  expires_at timestamptz not null
);

create index stream_ticket_expired on people.stream_ticket (expires_at);

-- Whoever ends a session, for whatever reason: its streams hear of it when that is committed.
create function people.tell_session_ended() returns trigger language plpgsql as $$
begin
  perform pg_notify('millrace_session', old.id::text);
  return null;
end $$;

create trigger session_revoked after update of revoked_at on people.session
  for each row when (old.revoked_at is null and new.revoked_at is not null)
  execute function people.tell_session_ended();

create trigger session_deleted after delete on people.session
  for each row when (old.revoked_at is null)
  execute function people.tell_session_ended();
