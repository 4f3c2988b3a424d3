import { z } from 'zod';
import { platform } from '../../knative/installation.ts';
import type { Standing } from './cluster.ts';
import { KINDS, PORT, service, serviceStanding } from './knative-objects.ts';
import { askInPod } from './pods.ts';
import type { Kubectl } from './run-kubectl.ts';
import { readyScript } from './smoke.ts';

const containers = z.array(z.looseObject({ image: z.string() })).min(1);
const spec = z.looseObject({ template: z.looseObject({ spec: z.looseObject({ containers }) }) });
const deployment = z.object({
  metadata: z.object({ generation: z.number().default(0) }),
  spec: spec.extend({ replicas: z.number().default(1) }),
  status: z
    .looseObject({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
    })
    .prefault({}),
});
const job = z.object({
  metadata: z.object({ name: z.string() }),
  spec,
  status: z.looseObject({ succeeded: z.number().default(0), failed: z.number().default(0) }).prefault({}),
});
const list = z.object({
  items: z.array(
    z.looseObject({
      kind: z.string(),
      apiVersion: z.string(),
      metadata: z.looseObject({ name: z.string() }),
    }),
  ),
});

/** The parts that always run. Ingress alone is a service of Knative. */
const { migration: _, ...always } = platform;
const PARTS = Object.keys(always);
const INGRESS = 'ingress';
const LABELS = 'app.kubernetes.io/part-of=millrace,app.kubernetes.io/component=platform';

/** All parts together: they have one image, and one migration that comes before them. */
export async function lookAtPlatform(kubectl: Kubectl, namespace: string): Promise<Standing> {
  const kinds = `deployments.apps,jobs.batch,${KINDS.service}`;
  const words = ['--namespace', namespace, 'get', kinds, '--selector', LABELS, '--output', 'json'];
  const { items } = list.parse(JSON.parse(await kubectl(words)));
  const parts = PARTS.map((name) => {
    const found = items.find(({ kind, metadata }) => kind !== 'Job' && metadata.name === name);
    if (found === undefined) return { image: undefined, isReady: false, why: `${name} is not there` };
    const told =
      found.kind === 'Deployment'
        ? deploymentStanding(deployment.parse(found))
        : serviceStanding(service.parse(found));
    return { ...told, why: `${name}: ${told.why || 'not ready'}` };
  });
  const migrations = items
    .filter(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('migrate-'))
    .map((found) => job.parse(found))
    .filter(({ status }) => status.succeeded === 0)
    .map(({ metadata, status }) =>
      status.failed === 0 ? `${metadata.name} runs` : `${metadata.name} failed ${status.failed} times`,
    );
  const images = [...new Set(parts.map(({ image }) => image ?? 'nothing'))];
  const missing = [...migrations, ...parts.filter(({ isReady }) => !isReady).map(({ why }) => why)];
  return {
    // While some have the new image and some the old one, it runs neither.
    image: images.length === 1 ? parts[0]?.image : `${images.join(' and ')}, ${missing.join(', ')}`,
    isReady: images.length === 1 && missing.length === 0,
    why: missing.join(', '),
  };
}

/** @throws Permanent `kubectl-failed`, where a part does not answer, or not reach its ledger */
export async function smokePlatform(kubectl: Kubectl, namespace: string): Promise<void> {
  for (const name of PARTS) await askPart({ kubectl, namespace, name, script: readyScript(PORT) });
}

/**
 * Runs a script in a pod of ingress, which never sleeps, and whose network policy lets it ask the functions.
 *
 * @throws Permanent `smoke-failed`, where there is no pod of it, and `kubectl-failed`, where the script ends badly
 */
export function askIngress(options: { kubectl: Kubectl; namespace: string; script: string }): Promise<void> {
  return askPart({ ...options, name: INGRESS });
}

function askPart(options: {
  kubectl: Kubectl;
  namespace: string;
  name: string;
  script: string;
}): Promise<void> {
  const { name } = options;
  const container = name === INGRESS ? 'user-container' : name;
  return askInPod({ ...options, selector: `app.kubernetes.io/name=${name},${LABELS}`, container });
}

function deploymentStanding({ metadata, spec, status }: z.infer<typeof deployment>): Standing {
  const { replicas } = spec;
  const { observedGeneration, updatedReplicas, availableReplicas } = status;
  const isSeen = observedGeneration >= metadata.generation;
  const isWhole = status.replicas === replicas && updatedReplicas === replicas;
  return {
    image: spec.template.spec.containers[0]?.image,
    isReady: isSeen && isWhole && availableReplicas === replicas,
    why: `${updatedReplicas} of ${replicas} pods are new, ${availableReplicas} available`,
  };
}
