-- Who talks with whom, what was said and in which order, and how far each has read.

create table people.conversation (
  id uuid primary key,
  -- Short: it stands before every word that the search knows.
  number bigint not null generated always as identity,
  kind text not null check (kind in ('direct', 'group')),
  -- The two of a direct one, the lesser id first; null: he deleted his account.
  first uuid references people.account on delete set null,
  second uuid references people.account on delete set null,
  -- Of a group.
  title text check ((title is not null) = (kind = 'group')),
  -- Number of the last message. Whoever sends holds this row until his commit: so the order of the numbers is that of the
  -- commits, for everybody, and without a gap.
  last_seq int not null default 0,
  -- Goes up with each change of title and members: its entity tag.
  version int not null default 1,
  created_at timestamptz(3) not null default ledger.ledger_now(),
  -- Of the last message. With the precision that a page's cursor carries: milliseconds.
  active_at timestamptz(3) not null default ledger.ledger_now(),
  constraint conversation_pair unique (first, second),
  check (kind = 'direct' or (first is null and second is null))
) with (fillfactor = 70);

create index conversation_second on people.conversation (second) where second is not null;

create table people.participant (
  conversation uuid not null references people.conversation on delete cascade,
  account uuid not null references people.account on delete cascade,
  -- Whoever of a group is in it for longest is its owner.
  place bigint not null generated always as identity,
  -- He sees what came after this message.
  since_seq int not null default 0,
  -- He has read up to this message.
  read_seq int not null default 0,
  -- Messages after it that nobody waits for him to read: his own, and deleted ones.
  skipped int not null default 0,
  -- Whoever is written to for the first time sees nothing before the first message.
  shown boolean not null default true,
  joined_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (conversation, account)
) with (fillfactor = 70);

create index participant_of on people.participant (account, conversation);

-- A conversation without people is nobody's: the last who leaves, or deletes his account, takes it with him.
create function people.end_empty_conversation() returns trigger language plpgsql as $$
begin
  -- Two who leave at once go one after the other, so that the second sees that nobody is left.
  perform from people.conversation where id = old.conversation for update;
  delete from people.conversation c
  where c.id = old.conversation
    and not exists (select from people.participant p where p.conversation = c.id);
  return null;
end $$;

create trigger participant_left after delete on people.participant
  for each row execute function people.end_empty_conversation();

create table people.message (
  -- Made by who sends it: the same message sent again is the same.
  id uuid primary key,
  conversation uuid not null references people.conversation on delete cascade,
  seq int not null,
  -- Null: he deleted his account.
  author uuid references people.account on delete set null,
  text text not null,
  -- [{ "picture": id }, { "pipeline": id, "name": "video.mp4", "part": null, "type": "video/mp4", "bytes": 123 }]
  attachments jsonb not null default '[]',
  mentions uuid[] not null default '{}',
  -- A message before it in the same conversation.
  reply_to uuid,
  -- SHA-256 of what was sent, which tells another message under the same id; null: deleted.
  sent_hash bytea,
  -- Words of its conversation alone (12:hello): so a search costs what one's own messages do, however many others talk.
  words tsvector not null,
  version int not null default 1,
  sent_at timestamptz(3) not null default ledger.ledger_now(),
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  constraint message_seq unique (conversation, seq)
);

create index message_by on people.message (author, sent_at desc, id desc);
create index message_words on people.message using gin (words);

create table people.reaction (
  message uuid not null references people.message on delete cascade,
  -- One emoji, as the Unicode Standard recommends it for interchange (UTS 51).
  emoji text not null,
  account uuid not null references people.account on delete cascade,
  reacted_at timestamptz(3) not null default ledger.ledger_now(),
  primary key (message, emoji, account)
);

create index reaction_by on people.reaction (account, message);
