import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { found, generated, objectsOf } from '../testing/generated.ts';
import { brokenRules, checkRules } from './check-rules.ts';

const files = generated();
const template = {
  service: found({ 'a.yaml': files['base/functions/take-script.yaml'] ?? '' }, 'Service', 'take-script'),
  job: found(files, 'JobSink', 'render-scene'),
  broker: found(files, 'Broker', 'millrace'),
  trigger: found(files, 'Trigger', 'take-script'),
};

/** A generated object with another value at a path; `undefined` takes it out. */
function changed(kind: keyof typeof template, path: string, value: unknown): KubernetesObject {
  const copy = structuredClone(template[kind]) as unknown as Record<string, unknown>;
  const steps = path.split('/');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<Record<string, unknown>>((here, step) => {
    here[step] ??= {};
    return here[step] as Record<string, unknown>;
  }, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy as unknown as KubernetesObject;
}

const POD = 'spec/template/spec';
const CONTAINER = `${POD}/containers/0`;
const JOB = 'spec/job/spec';
const JOB_CONTAINER = `${JOB}/template/spec/containers/0`;

/** `autoscaling.knative.dev/min-scale` has a slash of its own. */
function scaled(word: string, value: string): KubernetesObject {
  const copy = structuredClone(template.service) as unknown as {
    spec: { template: { metadata: { annotations: Record<string, string> } } };
  };
  copy.spec.template.metadata.annotations[`autoscaling.knative.dev/${word}`] = value;
  return copy as unknown as KubernetesObject;
}

function classed(value: string | undefined): KubernetesObject {
  const annotations: Record<string, string> =
    value === undefined ? {} : { 'eventing.knative.dev/broker.class': value };
  return { ...template.broker, metadata: { ...template.broker.metadata, annotations } };
}

describe('what is generated', () => {
  it('keeps every rule', () => {
    const all = objectsOf(files);
    expect(all.length).toBeGreaterThan(80);
    expect(all.flatMap(brokenRules)).toEqual([]);
  });
});

describe('a Service that Knative would refuse, or take and not mean', () => {
  it.each<[string, KubernetesObject, RegExp]>([
    [
      'sets PORT',
      changed('service', `${CONTAINER}/env`, [{ name: 'PORT', value: '80' }]),
      /env: PORT is set by Knative/,
    ],
    [
      'sets K_SERVICE',
      changed('service', `${CONTAINER}/env`, [{ name: 'K_SERVICE', value: 'x' }]),
      /K_SERVICE/,
    ],
    [
      'has two ports',
      changed('service', `${CONTAINER}/ports`, [{ containerPort: 1 }, { containerPort: 2 }]),
      /2 ports/,
    ],
    [
      'takes the port of queue-proxy',
      changed('service', `${CONTAINER}/ports`, [{ containerPort: 8012 }]),
      /8012/,
    ],
    ['chooses nodes', changed('service', `${POD}/nodeSelector`, { a: 'b' }), /nodeSelector: is refused/],
    ['tolerates taints', changed('service', `${POD}/tolerations`, []), /tolerations: is refused/],
    ['has init containers', changed('service', `${POD}/initContainers`, []), /initContainers: is refused/],
    [
      'says how long to wait for its end',
      changed('service', `${POD}/terminationGracePeriodSeconds`, 5),
      /terminationGrace/,
    ],
    [
      'has a security context of its pod',
      changed('service', `${POD}/securityContext`, {}),
      /securityContext: is refused/,
    ],
    [
      'mounts a folder of its node',
      changed('service', `${POD}/volumes`, [{ name: 'tmp', hostPath: {} }]),
      /hostPath/,
    ],
    [
      'mounts a claim',
      changed('service', `${POD}/volumes`, [{ name: 'tmp', persistentVolumeClaim: {} }]),
      /persistentVolumeClaim/,
    ],
    [
      'mounts a Secret that its user cannot read',
      changed('service', `${POD}/volumes`, [
        { name: 'tmp', secret: { secretName: 'a', defaultMode: 0o440 } },
      ]),
      /mode 440 of a Secret is for root alone/,
    ],
    [
      'mounts over /dev',
      changed('service', `${CONTAINER}/volumeMounts`, [{ name: 'tmp', mountPath: '/dev' }]),
      /\/dev/,
    ],
    ['has hooks', changed('service', `${CONTAINER}/lifecycle`, {}), /lifecycle: is refused/],
    ['is privileged', changed('service', `${CONTAINER}/securityContext/privileged`, true), /privileged/],
    [
      'asks at its start without a port',
      changed('service', `${CONTAINER}/startupProbe`, { httpGet: { path: '/' } }),
      /startupProbe.httpGet.port/,
    ],
    [
      'has a dot in its name',
      changed('service', 'metadata/name', 'take.script'),
      /"take.script" must be lower case/,
    ],
    [
      'has a name of 64 characters',
      changed('service', 'metadata/name', 'a'.repeat(64)),
      /64 characters; at most 57/,
    ],
    [
      'names a revision like another',
      changed('service', 'spec/template/metadata/name', 'other-1'),
      /must begin with "take-script-"/,
    ],
    [
      'scales by itself and not by its template',
      changed('service', 'metadata/annotations', { 'autoscaling.knative.dev/min-scale': '1' }),
      /belongs to spec.template/,
    ],
    ['has a misspelt word of scaling', scaled('min-scal', '1'), /"min-scal".*"min-scale"/],
    ['has more at least than at most', scaled('min-scale', '30'), /min-scale 30 is above max-scale 20/],
    ['activates one', scaled('activation-scale', '1'), /activation-scale/],
    ['begins with none', scaled('initial-scale', '0'), /allow-zero-initial-scale/],
    ['takes 1001 at once', changed('service', `${POD}/containerConcurrency`, 1001), /1001 is above 1000/],
    ['takes eleven minutes', changed('service', `${POD}/timeoutSeconds`, 660), /660 is above 600/],
    [
      'may start to answer after its end',
      changed('service', `${POD}/responseStartTimeoutSeconds`, 61),
      /61 is above timeoutSeconds 60/,
    ],
    [
      'is cut at 300 seconds',
      changed('service', POD, { timeoutSeconds: 400, containers: [], automountServiceAccountToken: false }),
      /300 would cut what may take 400/,
    ],
    [
      'mounts a token',
      changed('service', `${POD}/automountServiceAccountToken`, undefined),
      /automountServiceAccountToken/,
    ],
  ])('%s', (_, object, says) => {
    expect(brokenRules(object).join('\n')).toMatch(says);
  });
});

describe('a Broker or Trigger that Knative would refuse, or take and not mean', () => {
  it.each<[string, KubernetesObject, RegExp]>([
    ['has no class', classed(undefined), /broker.class ""/],
    ['has a class that nobody knows', classed('Kafak'), /"Kafak" must be one of/],
    [
      'reads its settings from a Secret',
      changed('broker', 'spec/config', { kind: 'Secret', name: 'x' }),
      /Secret is not read/,
    ],
    [
      'waits for 1s',
      changed('broker', 'spec/delivery/backoffDelay', '1s'),
      /"1s" must be ISO 8601, such as PT1S/,
    ],
    ['has 30 as its limit', changed('trigger', 'spec/delivery/timeout', '30'), /timeout: "30"/],
    ['waits at most for', changed('broker', 'spec/delivery/retryAfterMax', 'PT5S'), /retryAfterMax/],
    [
      'retries at once',
      changed('broker', 'spec/delivery/backoffPolicy', undefined),
      /retries would come at once/,
    ],
    [
      'has a dead letter for nobody',
      changed('broker', 'spec/delivery/deadLetterSink', {}),
      /neither ref nor uri/,
    ],
    [
      'filters on a name with a dash',
      changed('trigger', 'spec/filter/attributes', { 'my-function': 'x' }),
      /"my-function" must be lower case and digits/,
    ],
    ['filters twice', changed('trigger', 'spec/filters', [{ exact: { function: 'x' } }]), /keep one/],
    ['mixes dialects', changed('trigger', 'spec/filters', [{ exact: {}, prefix: {} }]), /one dialect/],
    ['wakes nobody', changed('trigger', 'spec/subscriber', {}), /neither ref nor uri/],
    ['has a dot in its name', changed('broker', 'metadata/name', 'mill.race'), /no dots/],
  ])('%s', (_, object, says) => {
    expect(brokenRules(object).join('\n')).toMatch(says);
  });
});

describe('a JobSink that Knative would refuse, or that would run twice', () => {
  it.each<[string, KubernetesObject, RegExp]>([
    [
      'restarts for ever',
      changed('job', `${JOB}/template/spec/restartPolicy`, 'Always'),
      /"Always" must be Never/,
    ],
    ['has fields that it does not know', changed('job', 'spec/jobb', {}), /spec.jobb: is not known/],
    ['retries', changed('job', `${JOB}/backoffLimit`, 6), /retries are the ledger's/],
    [
      'never ends',
      changed('job', `${JOB}/activeDeadlineSeconds`, undefined),
      /activeDeadlineSeconds: is missing/,
    ],
    [
      'never goes',
      changed('job', `${JOB}/ttlSecondsAfterFinished`, undefined),
      /ttlSecondsAfterFinished: is missing/,
    ],
    [
      'says where its event is',
      changed('job', `${JOB_CONTAINER}/env`, [{ name: 'K_EVENT_PATH' }]),
      /K_EVENT_PATH/,
    ],
    [
      'has no room for the MD5 in its Jobs’ names',
      changed('job', 'metadata/name', 'a'.repeat(32)),
      /32 characters; at most 31/,
    ],
  ])('%s', (_, object, says) => {
    expect(brokenRules(object).join('\n')).toMatch(says);
  });
});

describe('a pod that the namespace would refuse', () => {
  const security = `${JOB_CONTAINER}/securityContext`;
  it.each<[string, KubernetesObject, RegExp]>([
    ['may be root', changed('job', `${security}/runAsNonRoot`, false), /runAsNonRoot/],
    [
      'may gain rights',
      changed('job', `${security}/allowPrivilegeEscalation`, undefined),
      /allowPrivilegeEscalation/,
    ],
    ['keeps a capability', changed('job', `${security}/capabilities`, { drop: ['NET_RAW'] }), /drop ALL/],
    [
      'writes anywhere',
      changed('job', `${security}/readOnlyRootFilesystem`, false),
      /readOnlyRootFilesystem/,
    ],
    [
      'has no filter of system calls',
      changed('job', `${security}/seccompProfile`, undefined),
      /seccompProfile/,
    ],
    [
      'has no limit of disk',
      changed('job', `${JOB_CONTAINER}/resources/limits/ephemeral-storage`, undefined),
      /ephemeral-storage/,
    ],
    [
      'runs whatever is the latest',
      changed('job', `${JOB_CONTAINER}/image`, 'ghcr.io/millrace/a:latest'),
      /must name a version/,
    ],
    [
      'runs no version',
      changed('job', `${JOB_CONTAINER}/image`, 'ghcr.io/millrace/a'),
      /must name a version/,
    ],
    [
      'mounts what is not there',
      changed('job', `${JOB}/template/spec/volumes`, []),
      /no volume is called "tmp"/,
    ],
  ])('%s', (_, object, says) => {
    expect(brokenRules(object).join('\n')).toMatch(says);
  });

  it('is said with its file, its object and the rule', () => {
    const broken = changed('job', `${JOB}/backoffLimit`, 6);
    expect(() => checkRules('base/functions/render-scene.yaml', [broken])).toThrow(
      /^knative\/generated\/base\/functions\/render-scene\.yaml: JobSink render-scene: spec\.job\.spec\.backoffLimit: must be 0/,
    );
  });
});
