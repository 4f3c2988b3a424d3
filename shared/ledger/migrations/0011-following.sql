-- Who follows whom, who is kept away, and who is not to be heard of.

-- Whoever wants to follow a private account asks first.
alter table people.account add column private boolean not null default false;

-- Times have the precision that a page's cursor carries: milliseconds.
create table people.follow (
  follower uuid not null references people.account on delete cascade,
  followed uuid not null references people.account on delete cascade,
  state text not null check (state in ('accepted', 'requested')),
  -- Since when it is so.
  created_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (follower, followed),
  constraint follow_another check (follower <> followed)
);

-- Pages of each list, newest first.
create index follow_followers on people.follow (followed, state, created_at desc, follower desc);
create index follow_following on people.follow (follower, created_at desc, followed desc) where state = 'accepted';

create table people.block (
  blocker uuid not null references people.account on delete cascade,
  blocked uuid not null references people.account on delete cascade,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (blocker, blocked),
  constraint block_another check (blocker <> blocked)
);

create index block_of on people.block (blocked, blocker);
create index block_list on people.block (blocker, created_at desc, blocked desc);

create table people.mute (
  muter uuid not null references people.account on delete cascade,
  muted uuid not null references people.account on delete cascade,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (muter, muted),
  constraint mute_another check (muter <> muted)
);

create index mute_of on people.mute (muted);
create index mute_list on people.mute (muter, created_at desc, muted desc);

-- How many follow somebody: the sum of his slots. Which slot counts a follower is decided by the follower's id, so that
-- those who come at once to one whom all want to follow seldom wait for each other.
create table people.follower_count (
  account uuid not null references people.account on delete cascade,
  slot smallint not null,
  followers int not null check (followers >= 0),
  primary key (account, slot)
) with (fillfactor = 50);

-- The tables keep their own count: whatever changes them, the end of an account included.
create function people.slot_of(id uuid) returns smallint language sql immutable parallel safe
  return (get_byte(uuid_send(id), 15) & 15)::smallint;

create function people.count_more_followers() returns trigger language plpgsql as $$
begin
  insert into people.follower_count as c (account, slot, followers)
  select followed, people.slot_of(follower), count(*) from added
  where state = 'accepted' group by 1, 2 order by 1, 2
  on conflict (account, slot) do update set followers = c.followers + excluded.followers;
  return null;
end $$;

create function people.count_fewer_followers() returns trigger language plpgsql as $$
begin
  -- In order, so that two who take away much never wait for each other in a circle.
  with fewer as (
    select followed as account, people.slot_of(follower) as slot, count(*)::int as n from removed
    where state = 'accepted' group by 1, 2
  ), held as (
    select c.account, c.slot, f.n from people.follower_count c join fewer f using (account, slot)
    order by c.account, c.slot for update of c
  )
  update people.follower_count c set followers = c.followers - held.n
  from held where c.account = held.account and c.slot = held.slot;
  return null;
end $$;

-- A request that is accepted. The other way is an end and a new beginning.
create function people.count_accepted_followers() returns trigger language plpgsql as $$
begin
  insert into people.follower_count as c (account, slot, followers)
  select a.followed, people.slot_of(a.follower), count(*)
  from added a join removed r on r.follower = a.follower and r.followed = a.followed
  where a.state = 'accepted' and r.state = 'requested' group by 1, 2 order by 1, 2
  on conflict (account, slot) do update set followers = c.followers + excluded.followers;
  return null;
end $$;

create trigger follow_added after insert on people.follow
  referencing new table as added for each statement execute function people.count_more_followers();
create trigger follow_removed after delete on people.follow
  referencing old table as removed for each statement execute function people.count_fewer_followers();
create trigger follow_accepted after update on people.follow
  referencing old table as removed new table as added
  for each statement execute function people.count_accepted_followers();
