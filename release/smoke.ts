import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Permanent } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { PLATFORM } from '../images/target.ts';
import { root, runCommand, wordsWrong } from './command.ts';
import { PATIENCE } from './deploy/await-ready.ts';
import { createKubectl } from './deploy/kubectl.ts';
import { runOf } from './platform.ts';

/** Asks the platform and every function of a cluster, as they stand: are they ready, do they reach their ledger. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { context: { type: 'string' }, namespace: { type: 'string' } },
  });
  const { context, namespace } = values;
  if (context === undefined || namespace === undefined)
    throw wordsWrong('node release/smoke.ts --context <context> --namespace <namespace> [<function> …]');
  const cluster = createKubectl({ context, signal: AbortSignal.timeout(PATIENCE.limitMs) });
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const faults: string[] = [];
  const functions = positionals.length > 0 ? positionals : topology.functions.map(({ name }) => name);
  for (const name of [PLATFORM, ...functions]) {
    const run = runOf(topology, name);
    if (run === undefined) throw new Permanent('function-unknown', `events.yaml has no function "${name}".`);
    const target = { name, namespace, run };
    const { isReady, why } = await cluster.look(target);
    if (isReady) await cluster.smoke(target).catch((error: Error) => faults.push(error.message));
    else faults.push(`${name} in ${namespace} is not ready: ${why}`);
  }
  if (faults.length > 0) throw new Permanent('smoke-failed', faults.join('\n'));
  return `the platform and ${functions.length} functions answer in ${namespace}\n`;
});
