-- The walks of the sweep, a row each ('artifacts', 'inbox'), whoever makes them: from when on the next page may be looked at.
alter table ledger.sweep add column next_at timestamptz not null default ledger.ledger_now();

-- A bucket is one walk now, not one for each of its parts.
delete from ledger.sweep;
