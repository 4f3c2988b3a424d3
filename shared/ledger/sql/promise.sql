-- Run $1 will have the parts $3 of key $2.
insert into ledger.promise (run, name, key) select $1, $2, unnest($3::text[]) on conflict do nothing
