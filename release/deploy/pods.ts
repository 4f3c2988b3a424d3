import { Permanent } from '#shared/errors';
import type { Kubectl } from './run-kubectl.ts';

const LIMIT_MS = 180_000;

/**
 * Runs a script in the newest pod that a selector finds: within it no network policy stands between.
 *
 * @throws Permanent `smoke-failed`, where there is no pod, and `kubectl-failed`, where the script ends badly
 */
export async function askInPod(options: {
  kubectl: Kubectl;
  namespace: string;
  /** Of what is asked, for the message. */
  name: string;
  selector: string;
  container: string;
  script: string;
}): Promise<void> {
  const { kubectl, namespace, name, selector, container, script } = options;
  const at = ['--namespace', namespace];
  const found = await kubectl([
    ...[...at, 'get', 'pods', '--selector', selector, '--field-selector', 'status.phase=Running'],
    ...['--sort-by', '.metadata.creationTimestamp', '--output', 'jsonpath={.items[*].metadata.name}'],
  ]);
  // Those of before, which are just leaving, come first.
  const pod = found.trim().split(' ').at(-1);
  if (pod === undefined || pod === '')
    throw new Permanent('smoke-failed', `${name} has no running pod in ${namespace}.`);
  const inside = ['--container', container, '--', 'node', '--eval', script];
  await kubectl([...at, 'exec', pod, ...inside], { limitMs: LIMIT_MS });
}
