import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTopology } from '#shared/topology';
import { targetOf } from '../images/target.ts';
import { answer, root, runCommand, thisCheckout, wordsWrong } from './command.ts';
import { findRelease } from './find-release.ts';

/** The first step of `service-pipeline.yml`: what the tag asks for, as answers for the next steps. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { branch: { type: 'string', default: 'origin/main' }, output: { type: 'string' } },
  });
  const [tag] = positionals;
  if (tag === undefined)
    throw wordsWrong('node release/find.ts <function>@v<version> [--branch origin/main]');
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const { git } = thisCheckout();
  const found = await findRelease({ git, topology, tag, branch: values.branch });
  const target = await targetOf(found.name, topology);
  const { folders, ...words } = found;
  await answer(values.output, { ...words, folders: folders.join(' '), target });
  return `${JSON.stringify({ ...found, target })}\n`;
});
