-- While a snapshot keeps dead versions from being pruned, a page must have room for both versions that follow a row's
-- first: claimed, ended. With less, the claims of a page's last rows moved every index.
alter table ledger.delivery set (fillfactor = 33);
