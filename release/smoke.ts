import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Permanent } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { root, runCommand, wordsWrong } from './command.ts';
import { PATIENCE } from './deploy/await-ready.ts';
import { createKubectl } from './deploy/kubectl.ts';

/** Asks every function of a cluster, as it stands: is it ready, does it reach its ledger. */
await runCommand(async () => {
  const { values } = parseArgs({ options: { context: { type: 'string' }, namespace: { type: 'string' } } });
  const { context, namespace } = values;
  if (context === undefined || namespace === undefined)
    throw wordsWrong('node release/smoke.ts --context <context> --namespace <namespace>');
  const cluster = createKubectl({ context, signal: AbortSignal.timeout(PATIENCE.limitMs) });
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const faults: string[] = [];
  for (const { name, profile } of topology.functions) {
    const target = { name, namespace, run: topology.profiles[profile]?.run ?? 'service' } as const;
    const { isReady, why } = await cluster.look(target);
    if (isReady) await cluster.smoke(target).catch((error: Error) => faults.push(error.message));
    else faults.push(`${name} in ${namespace} is not ready: ${why}`);
  }
  if (faults.length > 0) throw new Permanent('smoke-failed', faults.join('\n'));
  return `${topology.functions.length} functions answer in ${namespace}\n`;
});
