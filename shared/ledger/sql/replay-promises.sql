-- Promises of run $1 that copied deliveries made, for run $2: $3 to $4, without those that are due again ($5).
insert into ledger.promise (run, name, key, cause)
select $2, p.name, p.key, m.new
from ledger.promise p
join unnest($3::uuid[], $4::uuid[]) as m (old, new) on m.old = p.cause
where p.run = $1 and p.cause <> all ($5::uuid[])
