-- What is mailed to people, and what proves that they read it.

-- A mail that bears more than an event may: an address, and a token of which only hashes (SHA-256) are kept. There are
-- several where the mail had to be sent again.
create table people.letter (
  id uuid primary key,
  account uuid not null references people.account on delete cascade,
  template text not null,
  -- Whom it is mailed to: in lower case.
  email text not null,
  hashes bytea[] not null default '{}',
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index letter_of on people.letter (account, template, created_at desc);
create index letter_expired on people.letter (expires_at);

-- Sessions also end with the password that they were opened with.
alter table people.session drop constraint session_revoked_for_check;
alter table people.session add constraint session_revoked_for_check
  check (revoked_for in ('logout', 'revoked', 'reuse', 'password'));
