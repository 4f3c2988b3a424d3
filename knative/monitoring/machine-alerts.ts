import type { Alert } from './alert.ts';

/** Those that answer and keep time. A Job that takes all that it may have is doing its work. */
const PARTS = '(ingress|streams|scheduler|adapter)-.*';

/** What containers of these parts use, as a share of their limit. */
const used = (metric: string, resource: 'cpu' | 'memory') =>
  `sum by (namespace, pod) (${metric})
  / sum by (namespace, pod) (
    kube_pod_container_resource_limits{namespace=~"millrace.*", pod=~"${PARTS}", resource="${resource}"}
  ) > 0.9`;
const ofParts = `{namespace=~"millrace.*", pod=~"${PARTS}", container!=""}`;

/** Of disks, processors, memory and accelerators. */
export const machineAlerts: readonly Alert[] = [
  {
    name: 'DiskFull',
    expr: `kubelet_volume_stats_available_bytes{namespace=~"millrace.*"}
  / kubelet_volume_stats_capacity_bytes{namespace=~"millrace.*"} < 0.15`,
    for: '5m',
    severity: 'critical',
    summary: '{{ $value | humanizePercentage }} of the volume {{ $labels.persistentvolumeclaim }} are left.',
  },
  {
    name: 'OutOfMemory',
    expr: `sum by (namespace, pod) (
  kube_pod_container_status_last_terminated_reason{namespace=~"millrace.*", reason="OOMKilled"}
) > 0`,
    for: '1m',
    severity: 'warning',
    summary: '{{ $labels.pod }} was ended for the memory that it took.',
  },
  {
    name: 'ProcessorFull',
    expr: used(`rate(container_cpu_usage_seconds_total${ofParts}[5m])`, 'cpu'),
    for: '10m',
    severity: 'warning',
    summary: '{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its CPU.',
  },
  {
    name: 'MemoryNearLimit',
    expr: used(`container_memory_working_set_bytes${ofParts}`, 'memory'),
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory.',
  },
  {
    name: 'PodsWaitForNodes',
    expr: 'sum by (namespace, pod) (kube_pod_status_unschedulable{namespace=~"millrace.*"}) > 0',
    for: '15m',
    severity: 'warning',
    summary: 'No node has room for {{ $labels.pod }}.',
  },
];

/** Of NVIDIA's exporter (dcgm-exporter), where there are GPUs. */
export const gpuAlerts: readonly Alert[] = [
  {
    name: 'GpuFault',
    expr: 'max by (Hostname, gpu) (DCGM_FI_DEV_XID_ERRORS) > 0',
    for: '1m',
    severity: 'critical',
    summary: 'GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reports the fault XID {{ $value }}.',
  },
  {
    name: 'GpuIdle',
    expr: `max by (Hostname, gpu) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{exported_namespace=~"millrace.*"}[30m])) < 5`,
    for: '30m',
    severity: 'warning',
    summary: 'A pod holds GPU {{ $labels.gpu }} of {{ $labels.Hostname }} and does not use it.',
  },
];
