-- Copies the events $3 of run $1 into run $2. Ids keep their ordinal and take the origin's new id ($4 to $5);
-- `copied_from` finds them again for the deliveries.
insert into ledger.event (id, run, type, source, subject, key, data, data_version, cause, traceparent, recorded_at, copied_from)
select
  case
    when m.new is not null then overlay(m.new::text placing right(e.id::text, 4) from 33)::uuid
    when left(e.id::text, 32) = left($1::uuid::text, 32) then overlay($2::uuid::text placing right(e.id::text, 4) from 33)::uuid
    else ledger.new_id()
  end,
  $2::uuid, e.type, e.source, e.subject, e.key, e.data, e.data_version, m.new, e.traceparent, e.recorded_at, e.id
from ledger.event e
left join unnest($4::uuid[], $5::uuid[]) as m (old, new) on m.old = e.cause
where e.id = any ($3::uuid[])
