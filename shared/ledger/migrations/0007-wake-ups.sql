-- Wake-ups that name a delivery, for brokers. How often it was sent again since it was last made due: that says when it
-- is sent next (`wake_ups` counts all of them, and no number comes twice).
alter table ledger.delivery add column wake_round smallint not null default 0;

-- What was woken and has not ended. Where nobody is woken by name, no row comes into it.
create index delivery_woken on ledger.delivery (function, wake_at)
  where open and later_at is null and wake_at is not null;

-- So many are woken and unfinished at most.
alter table ledger.function add column woken_most int not null default 100;
