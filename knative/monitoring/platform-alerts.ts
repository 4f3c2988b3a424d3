import { NAMESPACE } from '../installation.ts';
import type { Alert } from './alert.ts';

/** What is absent is asked for by each environment in its own namespace: another's in the cluster would hide it. */
export const schedulerAbsent = (namespace: string): string =>
  `absent(millrace_ledger_up{namespace="${namespace}"})`;

/** Of requests and of work. */
export const platformAlerts: readonly Alert[] = [
  {
    name: 'Down',
    expr: 'up{namespace=~"millrace.*", component="platform"} == 0',
    for: '2m',
    severity: 'critical',
    summary: '{{ $labels.app }} ({{ $labels.pod }}) does not answer.',
  },
  {
    name: 'SchedulerGone',
    expr: schedulerAbsent(NAMESPACE),
    for: '2m',
    severity: 'critical',
    summary:
      'No scheduler of {{ $labels.namespace }} answers: nothing is promoted, taken back, settled or woken again.',
  },
  {
    name: 'BrokerAway',
    expr: `sum by (namespace) (rate(millrace_wake_ups_total{outcome="failed"}[5m])) > 0
  unless sum by (namespace) (rate(millrace_wake_ups_total{outcome="sent"}[5m])) > 0`,
    for: '2m',
    severity: 'critical',
    summary: 'The Broker of {{ $labels.namespace }} takes no wake-up: nothing begins there.',
  },
  {
    name: 'ErrorRate',
    expr: `sum by (namespace) (rate(millrace_http_errors_total[5m]))
  / sum by (namespace) (rate(millrace_http_requests_total[5m])) > 0.05`,
    for: '5m',
    severity: 'critical',
    summary:
      '{{ $value | humanizePercentage }} of requests in {{ $labels.namespace }} are answered with 5xx.',
  },
  {
    name: 'Latency',
    expr: `histogram_quantile(0.99, sum by (namespace, route, le)
  (rate(millrace_http_request_duration_seconds_bucket[5m]))) > 2.5`,
    for: '10m',
    severity: 'warning',
    summary:
      'One request in a hundred to {{ $labels.route }} takes longer than {{ $value | humanizeDuration }}.',
  },
  {
    name: 'FunctionFails',
    expr: `sum by (namespace, function) (rate(millrace_deliveries_total{outcome!="done"}[15m]))
  / sum by (namespace, function) (rate(millrace_deliveries_total[15m])) > 0.25`,
    for: '15m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the attempts of {{ $labels.function }} fail.',
  },
  {
    name: 'RunsFail',
    // Two schedulers count the same runs: the larger count is taken, never the sum.
    expr: `max by (namespace, flow) (increase(millrace_runs_total{state="failed"}[1h]))
  / sum by (namespace, flow) (max by (namespace, flow, state)
    (increase(millrace_runs_total{state=~"completed|failed"}[1h]))) > 0.25
  and max by (namespace, flow) (increase(millrace_runs_total{state="failed"}[1h])) > 4`,
    for: '10m',
    severity: 'warning',
    summary:
      '{{ $value | humanizePercentage }} of the runs of {{ $labels.flow }} have failed within an hour.',
  },
];
