-- Since when nothing is left of what a dead host held: nobody looks through the backlog for it again.
alter table ledger.host add column emptied_at timestamptz(3);
create index host_dead on ledger.host (id) where dead_at is not null and emptied_at is null;
