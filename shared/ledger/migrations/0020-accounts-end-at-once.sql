-- Somebody with half a million followers is gone at once, and what he leaves goes in pieces.

-- Everybody who registered. Whoever ended his account stays here, without a name, until nothing refers to him: what other
-- tables refer to is this table.
alter table people.account rename to person;
alter table people.person
  alter column email drop not null,
  alter column handle drop not null,
  add column ended_at timestamptz,
  -- What he was called is free for others at once.
  add constraint person_called check ((ended_at is null) = (email is not null) and (ended_at is null) = (handle is not null));

-- Those who are there. Whatever reads of people reads here, so that nobody forgets to leave out who ended his account.
create view people.account as
  select id, email, handle, name, about, password, roles, email_verified_at, version, created_at, private
  from people.person where ended_at is null;

-- A conversation that everybody left and that is too long to go within one transaction: it is in nobody's list any more.
alter table people.conversation add column empty_since timestamptz;
create index conversation_empty on people.conversation (empty_since) where empty_since is not null;

create or replace function people.end_empty_conversation() returns trigger language plpgsql as $$
begin
  -- Two who leave at once go one after the other, so that the second sees that nobody is left.
  perform from people.conversation where id = old.conversation for update;
  if exists (select from people.participant p where p.conversation = old.conversation) then return null; end if;
  delete from people.conversation where id = old.conversation and last_seq <= 100;
  update people.conversation set empty_since = ledger.ledger_now() where id = old.conversation;
  return null;
end $$;
