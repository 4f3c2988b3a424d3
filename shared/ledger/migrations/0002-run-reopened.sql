-- How often a settled run was opened again by a retry: each time it settles anew it says so anew.
alter table ledger.run add column reopened int not null default 0;
