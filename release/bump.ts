import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTopology } from '#shared/topology';
import { createAffected } from './affected/index.ts';
import { commitVersions, versionsOf } from './checkout.ts';
import { answer, root, runCommand, thisCheckout } from './command.ts';
import { commitMessage, describePlan } from './describe-plan.ts';
import { planBumps } from './plan.ts';
import { platformFolders } from './platform.ts';

/** `npm run bump`: what the next release of every function would be. `--commit` moves `versions.yaml` in a commit. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: { commit: { type: 'boolean' }, output: { type: 'string' }, summary: { type: 'string' } },
  });
  const checkout = thisCheckout();
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const affected = createAffected({
    root,
    git: checkout.git,
    functions: topology.functions,
    platform: platformFolders(topology),
  });
  const plan = await planBumps({ git: checkout.git, versions: await versionsOf(checkout), affected });
  const isMoved = values.commit === true && plan.bumps.length > 0;
  if (isMoved) {
    const changed = Object.fromEntries(plan.bumps.map(({ name, to }) => [name, to]));
    await commitVersions(checkout, changed, commitMessage(plan.bumps));
  }
  await answer(values.output, { moved: String(isMoved), first: String(plan.first.length > 0) });
  const text = describePlan(plan);
  if (values.summary !== undefined) await writeFile(values.summary, `\`\`\`\n${text}\`\`\`\n`, { flag: 'a' });
  return text;
});
