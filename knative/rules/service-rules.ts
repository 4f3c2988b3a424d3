import { nearestWord } from '#shared/errors';
import { at, list, type Rule, record } from './rule.ts';

const SCALING = 'autoscaling.knative.dev/';
/** Knative does not notice a misspelt one. */
const SCALING_WORDS = [
  'class',
  'min-scale',
  'max-scale',
  'initial-scale',
  'activation-scale',
  'scale-down-delay',
  'metric',
  'target',
  'target-utilization-percentage',
  'target-burst-capacity',
  'window',
  'panic-window-percentage',
  'panic-threshold-percentage',
  'scale-to-zero-pod-retention-period',
];
const MAX_SECONDS = 600;
const MAX_CONCURRENCY = 1000;
const RESERVED_PORTS = [8008, 8012, 8013, 8022, 9090, 9091];
/** Of a pod, and refused without a flag or at all. */
const REFUSED = [
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'runtimeClassName',
  'securityContext',
  'initContainers',
  'hostAliases',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'priorityClassName',
  'schedulerName',
  'dnsPolicy',
  'dnsConfig',
  'terminationGracePeriodSeconds',
];
const REFUSED_VOLUMES = ['hostPath', 'persistentVolumeClaim', 'csi', 'ephemeral', 'image'];
const OTHERS_READ = 0o004;
const POD = 'spec.template.spec';

/** What the webhook of Serving refuses, and what it should and does not. */
export const serviceRule: Rule = (object) => {
  if (object.apiVersion !== 'serving.knative.dev/v1' || object.kind !== 'Service') return [];
  const template = record(at(object, 'spec.template'));
  return [
    ...Object.keys(object.metadata.annotations ?? {})
      .filter((key) => key.startsWith(SCALING))
      .map((key) => `metadata.annotations: ${key} belongs to spec.template.metadata.annotations`),
    ...templateName(object.metadata.name, at(template, 'metadata.name')),
    ...scaling(record(at(template, 'metadata.annotations'))),
    ...times(record(template.spec)),
    ...pod(record(template.spec)),
  ];
};

function templateName(service: string, name: unknown): readonly string[] {
  return name === undefined || String(name).startsWith(`${service}-`)
    ? []
    : [`spec.template.metadata.name: "${name}" must begin with "${service}-"`];
}

function scaling(annotations: Readonly<Record<string, unknown>>): readonly string[] {
  const where = 'spec.template.metadata.annotations';
  const words = Object.keys(annotations).filter((key) => key.startsWith(SCALING));
  const value = (word: string) => Number(annotations[SCALING + word] ?? Number.NaN);
  const [min, max] = [value('min-scale'), value('max-scale')];
  return [
    ...words
      .map((key) => key.slice(SCALING.length))
      .filter((word) => !SCALING_WORDS.includes(word))
      .map((word) => `${where}: "${word}" is not known; did you mean "${nearestWord(word, SCALING_WORDS)}"?`),
    ...(max !== 0 && min > max ? [`${where}: min-scale ${min} is above max-scale ${max}`] : []),
    ...(value('activation-scale') < 2 ? [`${where}: activation-scale must be 2 or more`] : []),
    ...(value('initial-scale') === 0 ? [`${where}: initial-scale 0 needs allow-zero-initial-scale`] : []),
  ];
}

function times(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const { timeoutSeconds, responseStartTimeoutSeconds: start, containerConcurrency } = spec;
  const limit = Number(timeoutSeconds ?? 300);
  return [
    ...(limit > MAX_SECONDS ? [`${POD}.timeoutSeconds: ${limit} is above ${MAX_SECONDS}`] : []),
    ...(limit > 300 && start === undefined
      ? [`${POD}.responseStartTimeoutSeconds: is missing; 300 would cut what may take ${limit}`]
      : []),
    ...(Number(start ?? 0) > limit
      ? [`${POD}.responseStartTimeoutSeconds: ${start} is above timeoutSeconds ${limit}`]
      : []),
    ...(Number(containerConcurrency ?? 0) > MAX_CONCURRENCY
      ? [`${POD}.containerConcurrency: ${containerConcurrency} is above ${MAX_CONCURRENCY}`]
      : []),
  ];
}

function pod(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const containers = list(spec.containers).map(record);
  const ports = containers.flatMap((container) => list(container.ports).map(record));
  return [
    ...REFUSED.filter((word) => spec[word] !== undefined).map(
      (word) => `${POD}.${word}: is refused in a Service`,
    ),
    ...(spec.automountServiceAccountToken === false
      ? []
      : [`${POD}.automountServiceAccountToken: must be false`]),
    ...list(spec.volumes).flatMap((volume) =>
      REFUSED_VOLUMES.filter((word) => record(volume)[word] !== undefined).map(
        (word) => `${POD}.volumes: ${word} is refused in a Service`,
      ),
    ),
    ...list(spec.volumes)
      .map((volume) => Number(at(volume, 'secret.defaultMode') ?? OTHERS_READ))
      .filter((mode) => (mode & OTHERS_READ) === 0)
      .map(
        (mode) =>
          `${POD}.volumes: mode ${mode.toString(8)} of a Secret is for root alone, and no fsGroup helps in a Service`,
      ),
    ...(ports.length > 1 ? [`${POD}.containers: ${ports.length} ports; a Service has one`] : []),
    ...ports
      .filter(({ containerPort }) => RESERVED_PORTS.includes(Number(containerPort)))
      .map(({ containerPort }) => `${POD}.containers.ports: ${containerPort} is Knative's own`),
    ...containers.flatMap(container),
  ];
}

function container(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const where = `${POD}.containers`;
  const startup = record(spec.startupProbe);
  return [
    ...list(spec.env)
      .map((entry) => String(record(entry).name))
      .filter((name) => name === 'PORT' || name.startsWith('K_'))
      .map((name) => `${where}.env: ${name} is set by Knative`),
    ...(spec.lifecycle === undefined ? [] : [`${where}.lifecycle: is refused in a Service`]),
    ...(startup.httpGet !== undefined && at(startup, 'httpGet.port') === undefined
      ? [`${where}.startupProbe.httpGet.port: is missing`]
      : []),
    ...(at(spec, 'securityContext.privileged') === true
      ? [`${where}.securityContext: privileged is refused`]
      : []),
    ...list(spec.volumeMounts)
      .map((mount) => String(record(mount).mountPath))
      .filter((path) => ['/', '/dev', '/dev/log', '/var/log'].includes(path))
      .map((path) => `${where}.volumeMounts: ${path} is Knative's own`),
  ];
}
