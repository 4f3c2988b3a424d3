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
    {
      title: 'Runs that ended',
      about: 'An hour, by flow and how.',
      kind: 'timeseries',
      unit: 'short',
      queries: {
        '{{flow}} {{state}}':
          'max by (flow, state) (increase(millrace_runs_total{namespace=~"$namespace"}[1h])) > 0',
      },
      width: 12,
    },
    {
      title: 'Time of a run',
      about: 'From its first event to its completion: half of all, and all but one in twenty.',
      kind: 'timeseries',
      unit: 's',
      queries: {
        'p50 {{flow}}':
          'histogram_quantile(0.5, max by (flow, le) (rate(millrace_run_duration_seconds_bucket{namespace=~"$namespace"}[1h])))',
        'p95 {{flow}}':
          'histogram_quantile(0.95, max by (flow, le) (rate(millrace_run_duration_seconds_bucket{namespace=~"$namespace"}[1h])))',
      },
      width: 12,
    },
    {
      title: 'Videos made',
      about: 'In a day, and how long they are together.',
      kind: 'stat',
      unit: 'short',
      queries: {
        videos: 'sum(max by (flow) (increase(millrace_videos_total{namespace=~"$namespace"}[1d])))',
        minutes:
          'sum(max by (flow) (increase(millrace_video_seconds_total{namespace=~"$namespace"}[1d]))) / 60',
      },
      width: 12,
    },
    {
      title: 'Stages',
      about: 'Half of the steps of each function take no longer; Jobs too, whose pods nobody can ask.',
      kind: 'timeseries',
      unit: 's',
      queries: {
        '{{function}}':
          'histogram_quantile(0.5, max by (function, le) (rate(millrace_step_duration_seconds_bucket{namespace=~"$namespace"}[1h])))',
      },
      width: 12,
    },
  ],
};
