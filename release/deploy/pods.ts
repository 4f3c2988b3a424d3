import { z } from 'zod';
import { Permanent } from '#shared/errors';
import type { Kubectl } from './run-kubectl.ts';

const LIMIT_MS = 180_000;

const list = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }) }),
  ),
});

/** Pods that a selector finds, and a container of theirs. */
export interface Pods {
  readonly kubectl: Kubectl;
  readonly namespace: string;
  readonly selector: string;
  readonly container: string;
}

/** @returns the name of the newest pod that runs and is not leaving; nothing where a service sleeps */
export async function findPod({ kubectl, namespace, selector }: Pods): Promise<string | undefined> {
  const found = await kubectl([
    ...['--namespace', namespace, 'get', 'pods', '--selector', selector],
    ...['--field-selector', 'status.phase=Running'],
    ...['--sort-by', '.metadata.creationTimestamp', '--output', 'json'],
  ]);
  const { items } = list.parse(JSON.parse(found));
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined).at(-1)?.metadata.name;
}

/**
 * Runs a script in the newest pod that a selector finds: within it no network policy stands between.
 *
 * @param name of what is asked, for the message
 * @throws Permanent `smoke-failed`, where there is no pod, and `kubectl-failed`, where the script ends badly
 */
export async function askInPod(options: Pods & { name: string; script: string }): Promise<void> {
  const { namespace, name } = options;
  const pod = await findPod(options);
  if (pod === undefined) throw new Permanent('smoke-failed', `${name} has no running pod in ${namespace}.`);
  await runInPod({ ...options, pod });
}

/** @throws Permanent `kubectl-failed`, where the script ends badly */
export async function runInPod(options: Pods & { pod: string; script: string }): Promise<void> {
  const { kubectl, namespace, pod, container, script } = options;
  const inside = ['--container', container, '--', 'node', '--eval', script];
  await kubectl(['--namespace', namespace, 'exec', pod, ...inside], { limitMs: LIMIT_MS });
}
