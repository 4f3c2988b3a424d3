import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { readTopology } from '#shared/topology';
import { buildBundle, buildPlatform, compileOnce, measureStarts } from './bundle/index.ts';
import { PLATFORM } from './target.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * `npm run bundle [-- <name> … --out <folder> --start]`: the bundle of each named function, or of all and the platform, how
 * large it is, and how fast it starts.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(root, 'build', 'bundles') },
    // An image compiles as the user who runs it: Node keeps what it compiles by user.
    'no-compile': { type: 'boolean', default: false },
    start: { type: 'boolean', default: false },
  },
});
/** Starts of each kind. */
const ROUNDS = 9;
const topology = readTopology({ path: join(root, 'events.yaml') });
const versions = parse(await readFile(join(root, 'versions.yaml'), 'utf8')) as Record<string, string>;
const all = [...topology.functions.map(({ name }) => name), PLATFORM];
const build = (name: string) => {
  const folder = join(values.out, name);
  const { [name]: version } = versions;
  const known = { folder, ...(version === undefined ? {} : { version }) };
  return name === PLATFORM ? buildPlatform(known) : buildBundle({ name, topology, ...known });
};
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`.padStart(10);
for (const name of positionals.length > 0 ? positionals : all) {
  const { main, codeBytes, bytes, packages } = await build(name);
  // The platform's processes start seldom, each with another part of it.
  if (!values['no-compile'] && name !== PLATFORM) await compileOnce(main);
  const profile = topology.functions.find((fn) => fn.name === name)?.profile ?? '';
  const starts =
    values.start && name !== PLATFORM ? await measureStarts({ main, rounds: ROUNDS }) : undefined;
  const start =
    starts === undefined
      ? ''
      : `  starts in ${starts.bundleMs.toFixed(0)} ms, ${starts.ratio.toFixed(1)} × a bare server`;
  const size = `${megabytes(codeBytes)} of code, ${megabytes(bytes)} in all`;
  process.stdout.write(
    `${name.padEnd(20)} ${profile.padEnd(8)} ${size}  ${packages.length} packages${start}  ${main}\n`,
  );
}
