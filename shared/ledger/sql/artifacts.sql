-- Publishes what delivery $2 of run $1 stored aside. $3 function, $4 part, then arrays: names, keys, types, bytes, hashes
insert into ledger.artifact (run, delivery, function, part, name, object_key, type, bytes, sha256)
select $1, $2, $3, $4, * from unnest($5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[])
