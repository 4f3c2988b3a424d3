-- Pages of an owner's runs cost the same however many commands he sent beside them.
create index run_listed on ledger.run (owner, seq desc) where flow <> 'command';

-- Few runs have labels. An index of jsonb on all of them made every run dearer, and no page in order could be read from it.
drop index ledger.run_labels;

create function ledger.label_key(name text, value text) returns uuid
  language sql immutable strict parallel safe
  return md5(name || E'\x1f' || value)::uuid;

create table ledger.run_label (
  owner text not null,
  -- ledger.label_key: a value may be longer than an index takes.
  label uuid not null,
  seq bigint not null,
  run uuid not null,
  primary key (owner, label, seq) include (run)
);

create function ledger.note_labels() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into ledger.run_label (owner, label, seq, run)
    select new.owner, ledger.label_key(l.key, l.value), new.seq, new.id from jsonb_each_text(new.labels) l
    -- Two labels may have one key.
    on conflict do nothing;
  else
    delete from ledger.run_label r using jsonb_each_text(old.labels) l
    where r.owner = old.owner and r.label = ledger.label_key(l.key, l.value) and r.seq = old.seq;
  end if;
  return null;
end $$;
create trigger run_labelled after insert on ledger.run
  for each row when (new.labels <> '{}') execute function ledger.note_labels();
create trigger run_unlabelled after delete on ledger.run
  for each row when (old.labels <> '{}') execute function ledger.note_labels();

insert into ledger.run_label (owner, label, seq, run)
select r.owner, ledger.label_key(l.key, l.value), r.seq, r.id
from ledger.run r, jsonb_each_text(r.labels) l where r.labels <> '{}'
on conflict do nothing;
