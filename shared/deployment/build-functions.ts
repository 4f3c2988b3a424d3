import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readTopology } from '#shared/topology';
import { buildBundle } from './build-bundle.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm run build:functions [-- <name> … --out <folder>]`: a bundle for each named function, or each of `light`. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: join(root, 'build', 'functions') } },
});
const topology = readTopology({ path: join(root, 'events.yaml') });
const light = topology.functions.filter(({ profile }) => profile === 'light').map(({ name }) => name);
for (const name of positionals.length > 0 ? positionals : light) {
  const main = await buildBundle({ name, topology, folder: join(values.out, name) });
  process.stdout.write(`${main}\n`);
}
