import type { Dashboard, Panel } from './dashboard.ts';

const WHERE = '{namespace=~"$namespace", function=~"$function"}';

const ledger = (title: string, metric: string, about: string, unit = 'short'): Panel => ({
  title,
  about,
  kind: 'timeseries',
  unit,
  queries: { '{{function}}': `max by (function) (${metric}${WHERE})` },
  width: 8,
});

/** One function: what waits for it, what it does, how long it takes, how many pods do it. */
export const oneFunction: Dashboard = {
  uid: 'millrace-function',
  title: 'Millrace: one function',
  choices: {
    namespace: 'label_values(millrace_ledger_up, namespace)',
    function: 'label_values(millrace_ledger_due{namespace=~"$namespace"}, function)',
  },
  panels: [
    ledger('Due', 'millrace_ledger_due', 'Can start now.'),
    ledger('In work', 'millrace_ledger_leased', 'Leased by a host.'),
    ledger('Put off', 'millrace_ledger_later', 'Wait for their next attempt.'),
    ledger('Dead', 'millrace_ledger_dead', 'Failed for good.'),
    ledger('Oldest due', 'millrace_ledger_oldest_due_seconds', 'Its age.', 's'),
    ledger('Joins open', 'millrace_ledger_joins_open', 'Wait for parts.'),
    {
      title: 'Outcomes',
      about: 'Deliveries that ended a second.',
      kind: 'timeseries',
      unit: 'ops',
      queries: { '{{outcome}}': `sum by (outcome) (rate(millrace_deliveries_total${WHERE}[5m]))` },
      width: 12,
    },
    {
      title: 'Time of an attempt',
      about: 'From the claim to its end.',
      kind: 'timeseries',
      unit: 's',
      queries: {
        p50: `histogram_quantile(0.5, sum by (le) (rate(millrace_delivery_duration_seconds_bucket${WHERE}[15m])))`,
        p95: `histogram_quantile(0.95, sum by (le) (rate(millrace_delivery_duration_seconds_bucket${WHERE}[15m])))`,
      },
      width: 12,
    },
    {
      title: 'Requests',
      about: 'Answered a second by its processes, by status. 503 says "later": no slot is free.',
      kind: 'timeseries',
      unit: 'reqps',
      queries: {
        '{{status}}':
          'sum by (status) (rate(millrace_host_requests_total{namespace=~"$namespace", app=~"$function", route="/"}[5m]))',
      },
      width: 12,
    },
    {
      title: 'Bytes stored',
      about: 'A second: as its processes tell, and as runs that ended do (of Jobs, only these).',
      kind: 'timeseries',
      unit: 'Bps',
      queries: {
        processes: `sum(rate(millrace_artifact_bytes_total${WHERE}[15m]))`,
        runs: `sum(max by (function) (rate(millrace_step_artifact_bytes_total${WHERE}[15m])))`,
      },
      width: 12,
    },
    {
      title: 'Pods',
      about: 'That are ready, as Knative scales them.',
      kind: 'timeseries',
      unit: 'short',
      queries: {
        '{{label_app_kubernetes_io_name}}':
          'sum by (label_app_kubernetes_io_name) (kube_pod_status_ready{namespace=~"$namespace", condition="true"} * on (namespace, pod) group_left (label_app_kubernetes_io_name) kube_pod_labels{label_app_kubernetes_io_name=~"$function"})',
      },
      width: 12,
    },
    {
      title: 'Memory',
      about: 'Of its pods, against the limit of its profile.',
      kind: 'timeseries',
      unit: 'bytes',
      queries: {
        '{{pod}}':
          'max by (pod) (container_memory_working_set_bytes{namespace=~"$namespace", pod=~"$function.*", container!=""})',
      },
      width: 12,
    },
  ],
};
