import { at, list, type Rule, record } from './rule.ts';

const PODS = ['spec.template.spec', 'spec.job.spec.template.spec'];
const KINDS = ['Service', 'JobSink', 'Deployment', 'Job'];
const IMAGE = /^[a-z0-9./-]+(:\d+)?[a-z0-9./-]*:[0-9A-Za-z][\w.-]*(@sha256:[0-9a-f]{64})?$/;

/** The restricted Pod Security Standard, a root that cannot be written to, and limits of everything. */
export const podRule: Rule = (object) => {
  if (!KINDS.includes(object.kind)) return [];
  return PODS.flatMap((path) => {
    const pod = record(at(object, path));
    return list(pod.containers).flatMap((container) => found(record(container), pod, path));
  });
};

function found(
  container: Readonly<Record<string, unknown>>,
  pod: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] {
  const where = `${path}.containers`;
  const security = record(container.securityContext);
  const limits = record(at(container, 'resources.limits'));
  const requests = record(at(container, 'resources.requests'));
  const seccomp = at(security, 'seccompProfile.type');
  const mounts = list(container.volumeMounts).map((mount) => String(record(mount).name));
  const volumes = list(pod.volumes).map((volume) => String(record(volume).name));
  return [
    ...(security.allowPrivilegeEscalation === false
      ? []
      : [`${where}: allowPrivilegeEscalation must be false`]),
    ...(list(at(security, 'capabilities.drop')).includes('ALL')
      ? []
      : [`${where}: capabilities must drop ALL`]),
    ...(security.runAsNonRoot === true ? [] : [`${where}: runAsNonRoot must be true`]),
    ...(security.readOnlyRootFilesystem === true ? [] : [`${where}: readOnlyRootFilesystem must be true`]),
    ...(seccomp === 'RuntimeDefault' ? [] : [`${where}: seccompProfile must be RuntimeDefault`]),
    ...['cpu', 'memory', 'ephemeral-storage']
      .filter((word) => limits[word] === undefined || requests[word] === undefined)
      .map((word) => `${where}: resources have no limit or request of ${word}`),
    ...(IMAGE.test(String(container.image)) && !String(container.image).includes(':latest')
      ? []
      : [`${where}: image "${container.image}" must name a version`]),
    ...(pod.automountServiceAccountToken === false
      ? []
      : [`${path}: automountServiceAccountToken must be false`]),
    ...mounts
      .filter((name) => !volumes.includes(name))
      .map((name) => `${where}: no volume is called "${name}"`),
  ];
}
