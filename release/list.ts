import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readTopology } from '#shared/topology';
import { root, runCommand } from './command.ts';

/** The folders of the functions of a profile, a line each: what a workflow tests on a machine of its own. */
await runCommand(async () => {
  const { values } = parseArgs({ options: { profile: { type: 'string' } } });
  const { functions } = readTopology({ path: join(root, 'events.yaml') });
  return functions
    .filter(({ profile }) => values.profile === undefined || profile === values.profile)
    .map(({ area, name }) => `functions/${area}/${name}\n`)
    .join('');
});
