import type { Dashboard, Panel } from './dashboard.ts';

const table = (title: string, about: string, sql: string, width: Panel['width'] = 24): Panel => ({
  title,
  about,
  kind: 'table',
  unit: 'short',
  asks: 'ledger',
  queries: { rows: sql },
  width,
});

/**
 * One run. Metrics have no label of runs, which would be one series for each for ever: the ledger itself is asked, by a
 * user that may only read. The id is compared as text, so that a field with anything else finds nothing.
 */
export const oneRun: Dashboard = {
  uid: 'millrace-run',
  title: 'Millrace: one run',
  choices: {},
  fields: ['run'],
  panels: [
    table(
      'Run',
      'What it is, and how it stands.',
      `select title, flow, owner, state, created_at, settled_at, failure
from ledger.run where id::text = \${run:sqlstring}`,
    ),
    table(
      'Steps',
      'Each delivery: how it stands, how often it was tried, how long it waited and took.',
      `select function, key, state, attempts, lost, progress, message,
       started_at - created_at as waited, coalesce(ended_at, now()) - started_at as took, error
from ledger.delivery where run::text = \${run:sqlstring} order by created_at, id`,
    ),
    table(
      'Cost',
      'What each function used, all attempts that ended.',
      `select function, count(*) as deliveries, sum(attempts) as attempts,
       sum(extract(epoch from ended_at - started_at)) as seconds
from ledger.delivery where run::text = \${run:sqlstring} group by function order by seconds desc nulls last`,
      12,
    ),
    table(
      'Events',
      'What has happened in it.',
      `select recorded_at, type, key, source from ledger.event where run::text = \${run:sqlstring} order by recorded_at, id`,
      12,
    ),
  ],
};
