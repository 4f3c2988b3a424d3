-- What people post, like and say to it.

-- With the precision that a page's cursor carries: posts and gatherings stand in one order.
alter table people.gathering alter column created_at type timestamptz(3);

create table people.post (
  id uuid primary key,
  author uuid not null references people.account on delete cascade,
  text text not null,
  visibility text not null default 'public' check (visibility in ('public', 'followers')),
  gathering uuid references people.gathering on delete set null,
  -- What a run of the author's made: its artifact's name, and its part where it is one of many.
  run uuid,
  artifact text,
  part text,
  -- Goes up with each change: its entity tag.
  version int not null default 1,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  edited_at timestamptz(3),
  check ((run is null) = (artifact is null))
);

-- One author's, newest first; the feed asks it of everybody whom one follows.
create index post_of on people.post (author, created_at desc, id desc);
create index post_public on people.post (created_at desc, id desc) where visibility = 'public';
create index post_gathering on people.post (gathering) where gathering is not null;

create table people.post_like (
  post uuid not null references people.post on delete cascade,
  account uuid not null references people.account on delete cascade,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (post, account)
);

create index post_like_list on people.post_like (post, created_at desc, account desc);
create index post_like_of on people.post_like (account, post);

create table people.post_comment (
  id uuid primary key,
  post uuid not null references people.post on delete cascade,
  account uuid not null references people.account on delete cascade,
  text text not null,
  created_at timestamptz(3) not null default ledger.ledger_now()
);

create index post_comment_list on people.post_comment (post, created_at desc, id desc);
create index post_comment_of on people.post_comment (account, created_at desc, id desc);

-- Who is named in a post (`comment` is null) or in a comment.
create table people.mention (
  post uuid not null references people.post on delete cascade,
  comment uuid references people.post_comment on delete cascade,
  account uuid not null references people.account on delete cascade,
  unique nulls not distinct (post, comment, account)
);

create index mention_of on people.mention (account);
create index mention_in on people.mention (comment) where comment is not null;

-- How many like a post and how many comments it has: the sum of its slots, as people's followers are counted.
create table people.post_count (
  post uuid not null references people.post on delete cascade,
  slot smallint not null,
  likes int not null default 0 check (likes >= 0),
  comments int not null default 0 check (comments >= 0),
  primary key (post, slot)
) with (fillfactor = 50);

create function people.count_more_of_post() returns trigger language plpgsql as $$
begin
  insert into people.post_count as c (post, slot, likes, comments)
  select post, people.slot_of(account),
    case tg_table_name when 'post_like' then count(*) else 0 end,
    case tg_table_name when 'post_comment' then count(*) else 0 end
  from added group by 1, 2 order by 1, 2
  on conflict (post, slot) do update
  set likes = c.likes + excluded.likes, comments = c.comments + excluded.comments;
  return null;
end $$;

create function people.count_fewer_of_post() returns trigger language plpgsql as $$
begin
  with fewer as (
    select post, people.slot_of(account) as slot, count(*)::int as n from removed group by 1, 2
  ), held as (
    select c.post, c.slot, f.n from people.post_count c join fewer f using (post, slot)
    order by c.post, c.slot for update of c
  )
  update people.post_count c set
    likes = c.likes - case tg_table_name when 'post_like' then held.n else 0 end,
    comments = c.comments - case tg_table_name when 'post_comment' then held.n else 0 end
  from held where c.post = held.post and c.slot = held.slot;
  return null;
end $$;

create trigger post_liked after insert on people.post_like
  referencing new table as added for each statement execute function people.count_more_of_post();
create trigger post_unliked after delete on people.post_like
  referencing old table as removed for each statement execute function people.count_fewer_of_post();
create trigger post_commented after insert on people.post_comment
  referencing new table as added for each statement execute function people.count_more_of_post();
create trigger post_comment_gone after delete on people.post_comment
  referencing old table as removed for each statement execute function people.count_fewer_of_post();

-- When each author made what is newest of his: a feed looks at these few bytes of each whom somebody follows, and then at
-- what those made whose newest is newest. Too late a time would hide others, too early a one the author: so it is exact.
create table people.newest (
  author uuid primary key references people.account on delete cascade,
  at timestamptz(3) not null,
  id uuid not null
) with (fillfactor = 70);

create function people.note_newest() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'post' then
    insert into people.newest as n (author, at, id)
    select distinct on (author) author, created_at, id from added order by author, created_at desc, id desc
    on conflict (author) do update set at = excluded.at, id = excluded.id
    where (n.at, n.id) < (excluded.at, excluded.id);
  else
    insert into people.newest as n (author, at, id)
    select distinct on (owner) owner, created_at, id from added
    where series is null and calendar is null and visibility <> 'invited'
    order by owner, created_at desc, id desc
    on conflict (author) do update set at = excluded.at, id = excluded.id
    where (n.at, n.id) < (excluded.at, excluded.id);
  end if;
  return null;
end $$;

-- Holds an author's row first and looks afterwards, with a snapshot of its own: whoever makes something meanwhile waits.
create function people.find_newest(made_by uuid) returns void language plpgsql as $$
declare
  found_at timestamptz(3);
  found_id uuid;
begin
  if not exists (select from people.account where id = made_by) then return; end if;
  insert into people.newest (author, at, id) values (made_by, '-infinity', made_by)
  on conflict (author) do update set author = excluded.author;
  select x.at, x.id into found_at, found_id from (
    (select p.created_at as at, p.id from people.post p where p.author = made_by
     order by p.created_at desc, p.id desc limit 1)
    union all
    (select g.created_at, g.id from people.gathering g
     where g.owner = made_by and g.series is null and g.calendar is null and g.visibility <> 'invited'
     order by g.created_at desc, g.id desc limit 1)
  ) x order by x.at desc, x.id desc limit 1;
  if found_id is null then
    delete from people.newest where author = made_by;
  else
    update people.newest set at = found_at, id = found_id where author = made_by;
  end if;
end $$;

create function people.find_newest_of_post() returns trigger language plpgsql as $$
begin
  perform people.find_newest(old.author);
  return null;
end $$;

create function people.find_newest_of_gathering() returns trigger language plpgsql as $$
begin
  perform people.find_newest(old.owner);
  return null;
end $$;

create trigger post_newest after insert on people.post
  referencing new table as added for each statement execute function people.note_newest();
create trigger post_newest_gone after delete on people.post
  for each row execute function people.find_newest_of_post();
create trigger post_newest_moved after update of created_at on people.post
  for each row when (old.created_at <> new.created_at) execute function people.find_newest_of_post();
create trigger gathering_newest after insert on people.gathering
  referencing new table as added for each statement execute function people.note_newest();
create trigger gathering_newest_gone after delete on people.gathering
  for each row when (old.series is null and old.calendar is null)
  execute function people.find_newest_of_gathering();
create trigger gathering_newest_moved after update of created_at, visibility on people.gathering
  for each row when (old.created_at <> new.created_at or old.visibility <> new.visibility)
  execute function people.find_newest_of_gathering();
