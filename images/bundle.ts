import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { readTopology } from '#shared/topology';
import { buildBundle, compileOnce } from './bundle/index.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/** `npm run bundle [-- <name> … --out <folder>]`: the bundle of each named function, or of all, and how large it is. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(root, 'build', 'bundles') },
    // An image compiles as the user who runs it: Node keeps what it compiles by user.
    'no-compile': { type: 'boolean', default: false },
  },
});
const topology = readTopology({ path: join(root, 'events.yaml') });
const versions = parse(await readFile(join(root, 'versions.yaml'), 'utf8')) as Record<string, string>;
const names = positionals.length > 0 ? positionals : topology.functions.map(({ name }) => name);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`.padStart(10);
for (const name of names) {
  const version = versions[name];
  const { main, codeBytes, bytes, packages } = await buildBundle({
    ...{ name, topology, folder: join(values.out, name) },
    ...(version === undefined ? {} : { version }),
  });
  if (!values['no-compile']) await compileOnce(main);
  const profile = topology.functions.find((fn) => fn.name === name)?.profile ?? '';
  const size = `${megabytes(codeBytes)} of code, ${megabytes(bytes)} in all`;
  process.stdout.write(
    `${name.padEnd(20)} ${profile.padEnd(8)} ${size}  ${packages.length} packages  ${main}\n`,
  );
}
