-- Delivery $4 of run $1 says that it will have the parts $3 of key $2.
insert into ledger.promise (run, name, key, cause) select $1, $2, unnest($3::text[]), $4 on conflict do nothing
