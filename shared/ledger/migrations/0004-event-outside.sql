-- A CloudEvent from outside is one event for each account: its run's id is made of account, source and id, so that
-- nobody can take an id away from somebody else. The index serves whoever looks for an event by the sender's own id.
drop index ledger.event_outside;
create index event_outside on ledger.event (outside_id, source) where outside_id is not null;
