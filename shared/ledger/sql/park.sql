-- Functions with a brake on themselves or on a provider of theirs leave their lane for '(paused)', which nobody
-- serves; the others go back to the lane of their profile. Answers the functions that moved.
with wanted as (
  select f.name, case when exists (
    select from ledger.pause p where p.name = f.name or p.name = any (f.uses)
  ) then '(paused)' else f.profile end as lane
  from ledger.function f
)
update ledger.function f set lane = wanted.lane
from wanted where f.name = wanted.name and f.lane <> wanted.lane
returning f.lane
