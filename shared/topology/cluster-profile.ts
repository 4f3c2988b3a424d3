import type { ClusterProfile } from './model.ts';
import type { Page } from './page-schema.ts';
import type { Problems } from './problems.ts';
import { cpuThousandths, durationMs, memoryBytes } from './quantity.ts';

type PageProfile = Page['profiles'][string];

const GIB = 2 ** 30;
/** Of a pod that is said nothing of: room for logs and the small files of a step. */
const DISK_BYTES = GIB;
/** A node that comes up, and an image that is pulled. */
const START_MS = 5 * 60_000;
const TTL_MS = 3_600_000;
const RETENTION_MS = 60_000;
/** A Job that is gone can be started again by an event that comes twice. */
const LEAST_TTL_MS = 5 * 60_000;

const milliseconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : durationMs(text);

/** The figures of a profile that only a cluster knows, with what is left out. */
export function buildClusterProfile(spec: PageProfile): ClusterProfile {
  const diskBytes = spec.disk === undefined ? DISK_BYTES : memoryBytes(spec.disk);
  return {
    requests: {
      cpu: spec.requests.cpu ?? spec.cpu,
      memoryBytes: memoryBytes(spec.requests.memory ?? spec.memory),
    },
    diskBytes,
    tmpBytes: spec.tmp === undefined ? diskBytes / 2 : memoryBytes(spec.tmp),
    activeDeadlineMs: milliseconds(spec.activeDeadline) ?? durationMs(spec.timeout) + START_MS,
    ttlAfterFinishedMs: milliseconds(spec.ttlAfterFinished) ?? TTL_MS,
    podRetentionMs: milliseconds(spec.podRetention) ?? RETENTION_MS,
    nodeSelector: spec.nodeSelector,
    tolerations: spec.tolerations,
  };
}

/** What no cluster can give, or would give to nobody. */
export function checkClusterProfile(name: string, spec: PageProfile, problems: Problems): void {
  const at = ['profiles', name];
  const built = buildClusterProfile(spec);
  const { cpu, memory } = spec.requests;
  if (cpu !== undefined && cpuThousandths(cpu) > cpuThousandths(spec.cpu))
    problems.add([...at, 'requests', 'cpu'], `"${cpu}" is above the limit, cpu: ${spec.cpu}`);
  if (memory !== undefined && memoryBytes(memory) > memoryBytes(spec.memory))
    problems.add([...at, 'requests', 'memory'], `"${memory}" is above the limit, memory: ${spec.memory}`);
  if (spec.tmp !== undefined && built.tmpBytes > built.diskBytes)
    problems.add([...at, 'tmp'], `"${spec.tmp}" is above disk: ${spec.disk ?? '1Gi'}, of which it is a part`);
  if (spec.activeDeadline !== undefined && built.activeDeadlineMs < durationMs(spec.timeout))
    problems.add(
      [...at, 'activeDeadline'],
      `"${spec.activeDeadline}" is below timeout: ${spec.timeout}, which the function may take`,
    );
  if (spec.ttlAfterFinished !== undefined && built.ttlAfterFinishedMs < LEAST_TTL_MS)
    problems.add(
      [...at, 'ttlAfterFinished'],
      `"${spec.ttlAfterFinished}" is below 5m: an event that comes twice would start its Job again`,
    );
  for (const word of MISPLACED[spec.run]) {
    const value = spec[word];
    if (value === undefined || Object.keys(value).length === 0) continue;
    problems.add([...at, word], `"${word}" is not for a ${spec.run}${WHY[word] ?? ''}`);
  }
}

/** Words that mean nothing to the other kind, or are refused there. */
const MISPLACED = {
  service: ['activeDeadline', 'ttlAfterFinished', 'nodeSelector', 'tolerations'],
  job: ['podRetention'],
} as const;

const FLAG = (flag: string) => `: Knative takes it only with its flag kubernetes.${flag}; use run: job`;
const WHY: Readonly<Record<string, string>> = {
  nodeSelector: FLAG('podspec-nodeselector'),
  tolerations: FLAG('podspec-tolerations'),
};
