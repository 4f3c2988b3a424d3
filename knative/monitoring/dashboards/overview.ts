import type { Dashboard } from './dashboard.ts';

/** Whether the platform is well, on one page. */
export const overview: Dashboard = {
  uid: 'millrace-overview',
  title: 'Millrace: overview',
  choices: { namespace: 'label_values(millrace_ledger_up, namespace)' },
  panels: [
    {
      title: 'Ledger',
      about: '1 while the ledger answers the scheduler.',
      kind: 'stat',
      unit: 'short',
      queries: { up: 'min(millrace_ledger_up{namespace=~"$namespace"})' },
      width: 6,
    },
    {
      title: 'Due now',
      about: 'Deliveries that can start. Many are no fault; old ones are.',
      kind: 'stat',
      unit: 'short',
      queries: { due: 'sum(max by (function) (millrace_ledger_due{namespace=~"$namespace"}))' },
      width: 6,
    },
    {
      title: 'Oldest due',
      about: 'How long the oldest has waited for a host.',
      kind: 'stat',
      unit: 's',
      queries: { age: 'max(millrace_ledger_oldest_due_seconds{namespace=~"$namespace"})' },
      width: 6,
    },
    {
      title: 'Dead',
      about: 'Failed for good: retry or replay them.',
      kind: 'stat',
      unit: 'short',
      queries: { dead: 'sum(max by (function) (millrace_ledger_dead{namespace=~"$namespace"}))' },
      width: 6,
    },
    {
      title: 'Requests',
      about: 'Answered a second, by status.',
      kind: 'timeseries',
      unit: 'reqps',
      queries: {
        '{{status}}': 'sum by (status) (rate(millrace_http_requests_total{namespace=~"$namespace"}[5m]))',
      },
      width: 12,
    },
    {
      title: 'Time to answer',
      about: 'Half of all requests, and all but one in a hundred.',
      kind: 'timeseries',
      unit: 's',
      queries: {
        p50: 'histogram_quantile(0.5, sum by (le) (rate(millrace_http_request_duration_seconds_bucket{namespace=~"$namespace"}[5m])))',
        p99: 'histogram_quantile(0.99, sum by (le) (rate(millrace_http_request_duration_seconds_bucket{namespace=~"$namespace"}[5m])))',
      },
      width: 12,
    },
    {
      title: 'Work done',
      about: 'Deliveries that ended a second, by outcome.',
      kind: 'timeseries',
      unit: 'ops',
      queries: {
        '{{outcome}}': 'sum by (outcome) (rate(millrace_deliveries_total{namespace=~"$namespace"}[5m]))',
      },
      width: 12,
    },
    {
      title: 'Waiting, by function',
      about: 'Due deliveries.',
      kind: 'timeseries',
      unit: 'short',
      queries: { '{{function}}': 'max by (function) (millrace_ledger_due{namespace=~"$namespace"})' },
      width: 12,
    },
    {
      title: 'Open streams',
      about: 'Of people who watch a run.',
      kind: 'timeseries',
      unit: 'short',
      queries: { streams: 'sum(millrace_http_open_streams{namespace=~"$namespace"})' },
      width: 12,
    },
    {
      title: 'Sessions of the database',
      about: 'Against what Postgres takes.',
      kind: 'timeseries',
      unit: 'short',
      queries: {
        '{{pod}}': 'sum by (pod) (cnpg_backends_total{namespace=~"$namespace"})',
        limit: 'max(cnpg_pg_settings_setting{namespace=~"$namespace", name="max_connections"})',
      },
      width: 12,
    },
  ],
};
