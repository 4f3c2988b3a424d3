import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Patch } from '../overlays/kustomization.ts';
import type { Alert } from './alert.ts';
import { ledgerAlerts } from './ledger-alerts.ts';
import { gpuAlerts, machineAlerts } from './machine-alerts.ts';
import { platformAlerts, schedulerAbsent } from './platform-alerts.ts';

const RUNBOOK = 'https://github.com/millrace/millrace/blob/main/docs/alerts.md';

/** A group is evaluated in order, by itself. */
export const alertGroups: Readonly<Record<string, readonly Alert[]>> = {
  platform: platformAlerts,
  ledger: ledgerAlerts,
  machines: machineAlerts,
};

/** Prometheus's own form of a rule. */
function rule({ name, expr, for: holds, severity, summary }: Alert): object {
  return {
    alert: `Millrace${name}`,
    expr,
    for: holds,
    labels: { severity },
    annotations: { summary, runbook_url: `${RUNBOOK}#${name.toLowerCase()}` },
  };
}

const page = (name: string, groups: Readonly<Record<string, readonly Alert[]>>): KubernetesObject => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name, labels: { 'app.kubernetes.io/part-of': 'millrace' } },
  spec: {
    groups: Object.entries(groups).map(([group, alerts]) => ({
      name: `millrace.${group}`,
      interval: '30s',
      rules: alerts.map(rule),
    })),
  },
});

export const rules: KubernetesObject = page('millrace', alertGroups);
export const gpuRules: KubernetesObject = page('millrace-gpu', { gpu: gpuAlerts });

/** The rules where they ask for one namespace by its name: that of an environment. */
export function rulesIn(namespace: string): Patch {
  const group = Object.keys(alertGroups).indexOf('platform');
  const index = platformAlerts.findIndex(({ name }) => name === 'SchedulerGone');
  return {
    target: { kind: rules.kind, name: rules.metadata.name },
    change: [
      {
        op: 'replace',
        path: `/spec/groups/${group}/rules/${index}/expr`,
        value: schedulerAbsent(namespace),
      },
    ],
  };
}
