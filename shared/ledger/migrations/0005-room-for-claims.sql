-- A claim stays on its row's page and moves no index while there is room. While a snapshot keeps dead versions from being
-- pruned, there must be room for one more version of every row.
alter table ledger.delivery set (fillfactor = 45);
