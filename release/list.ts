import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Permanent } from '#shared/errors';
import { flowFunctions, readTopology } from '#shared/topology';
import { root, runCommand } from './command.ts';

/**
 * The folders of the functions of a profile, a line each: what a workflow tests on a machine of its own. With `--flow` the
 * names of the functions that a flow needs.
 */
await runCommand(async () => {
  const { values } = parseArgs({ options: { profile: { type: 'string' }, flow: { type: 'string' } } });
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const { functions, flows } = topology;
  if (values.flow !== undefined) {
    if (flows[values.flow] === undefined)
      throw new Permanent(
        'flow-unknown',
        `events.yaml has no flow "${values.flow}"; it has: ${Object.keys(flows).join(', ')}.`,
      );
    return flowFunctions(topology, values.flow)
      .map(({ name }) => `${name}\n`)
      .join('');
  }
  return functions
    .filter(({ profile }) => values.profile === undefined || profile === values.profile)
    .map(({ area, name }) => `functions/${area}/${name}\n`)
    .join('');
});
