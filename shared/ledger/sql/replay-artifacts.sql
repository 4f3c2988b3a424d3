-- Artifact rows of the deliveries $3 of run $1, for run $2 as $4. The objects are shared.
insert into ledger.artifact (run, delivery, name, function, part, object_key, type, bytes, sha256, created_at)
select $2, d.id, a.name, a.function, a.part, a.object_key, a.type, a.bytes, a.sha256, a.created_at
from ledger.artifact a
join unnest($3::uuid[], $4::uuid[]) as m (old, new) on m.old = a.delivery
join ledger.delivery d on d.id = m.new and d.state = 'done'
where a.run = $1
