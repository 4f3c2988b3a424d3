-- Runs in which nothing is open any more and that nobody settled (its committer died), oldest first.
select r.id
from ledger.run r
where r.state = 'running'
  and not exists (
    select from ledger.delivery d
    where d.run = r.id and ((d.open and d.later_at is null) or d.later_at is not null)
  )
  and not exists (select from ledger.gate g where g.run = r.id and g.closed_at is null)
order by r.seq
limit $1
