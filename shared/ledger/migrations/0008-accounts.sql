-- People: who they are, where they are signed in, and who guesses at their passwords.
create schema people;

create table people.account (
  id uuid primary key,
  -- Both in lower case.
  email text not null,
  handle text not null,
  name text not null,
  about text not null default '',
  -- argon2id, as a PHC string.
  password text not null,
  roles text[] not null default '{user}',
  email_verified_at timestamptz,
  -- Goes up with each change: its entity tag.
  version int not null default 1,
  created_at timestamptz not null default now(),
  constraint account_email unique (email),
  constraint account_handle unique (handle)
);

-- Search by the beginning of a handle or of a name, a page after a handle.
create index account_handle_begins on people.account (handle text_pattern_ops);
create index account_name_begins on people.account (lower(name) text_pattern_ops, handle);

-- A device where somebody is signed in. Of its refresh token only hashes (SHA-256) are kept.
create table people.session (
  id uuid primary key,
  account uuid not null references people.account on delete cascade,
  -- What every refresh token of this session begins with.
  family bytea not null,
  -- The end of the one that is good now.
  token bytea not null,
  client text not null,
  created_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_for text check (revoked_for in ('logout', 'revoked', 'reuse')),
  constraint session_family unique (family)
);

create index session_of on people.session (account, used_at desc) where revoked_at is null;
create index session_expired on people.session (expires_at);

-- Wrong passwords, by a hash of the account's address and of the client's.
create table people.guess (
  key bytea primary key,
  failures int not null,
  last_at timestamptz not null,
  blocked_until timestamptz not null
);

create index guess_last on people.guess (last_at);
