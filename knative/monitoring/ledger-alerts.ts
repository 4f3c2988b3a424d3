import type { Alert } from './alert.ts';

/** Of what is due, what has failed for good, and the database that holds it. */
export const ledgerAlerts: readonly Alert[] = [
  {
    name: 'LedgerAway',
    expr: 'millrace_ledger_up == 0',
    for: '1m',
    severity: 'critical',
    summary: 'The ledger does not answer its scheduler.',
  },
  {
    name: 'DeadLetters',
    expr: 'max by (namespace, function) (millrace_ledger_dead) > 0',
    for: '1m',
    severity: 'warning',
    summary: '{{ $value }} deliveries of {{ $labels.function }} have failed for good.',
  },
  {
    name: 'WaitsTooLong',
    expr: `max by (namespace, function) (millrace_ledger_oldest_due_seconds) > 900
  unless on (namespace, function) max by (namespace, function) (millrace_ledger_paused) > 0`,
    for: '5m',
    severity: 'critical',
    summary:
      'Work of {{ $labels.function }} has been due for {{ $value | humanizeDuration }}, and nobody takes it.',
  },
  {
    name: 'JoinsPileUp',
    expr: 'max by (namespace, function) (millrace_ledger_joins_open) > 10000',
    for: '30m',
    severity: 'warning',
    summary: '{{ $value }} joins of {{ $labels.function }} wait for parts.',
  },
  {
    name: 'DatabaseConnections',
    expr: `sum by (namespace, pod) (cnpg_backends_total)
  / max by (namespace, pod) (cnpg_pg_settings_setting{name="max_connections"}) > 0.8`,
    for: '5m',
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the sessions of {{ $labels.pod }} are taken.',
  },
  {
    name: 'PoolerQueues',
    expr: 'max by (namespace, pod) (cnpg_pgbouncer_pools_maxwait) > 1',
    for: '2m',
    severity: 'warning',
    summary: 'Sessions wait {{ $value | humanizeDuration }} for the ledger at {{ $labels.pod }}.',
  },
  {
    name: 'OldSnapshot',
    // A managed Postgres has no exporter of ours: there the scheduler tells.
    expr: `max by (namespace, pod) (cnpg_backends_max_tx_duration_seconds) > 300
  or max by (namespace) (millrace_ledger_longest_transaction_seconds) > 300
    unless on (namespace) max by (namespace) (cnpg_backends_max_tx_duration_seconds) > 300`,
    for: '1m',
    severity: 'warning',
    summary:
      'A transaction{{ if $labels.pod }} on {{ $labels.pod }}{{ end }} is {{ $value | humanizeDuration }} old: claims get slower by the minute.',
  },
];
