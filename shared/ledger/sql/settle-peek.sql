-- Whether anything of run $1 is still open: a look without its lock, for those who are not the last.
select exists (select from ledger.delivery d where d.run = $1 and d.open) as "isOpen"
