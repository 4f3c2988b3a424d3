import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'rolldown';
import { Permanent } from '#shared/errors';
import type { Topology } from '#shared/topology';
import { compileOnce } from './compile-once.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Packages that others look for but do not need. */
const external = ['pg-native', 'pg-cloudflare'];

/**
 * Bundles one function with all that its process needs into a folder: `main.cjs` to be started with Node 24, its chunks,
 * the thread of its lease, the ledger's statements. What Node compiles of it lies there too.
 *
 * @returns the path of `main.cjs`
 * @throws Permanent `function-unknown`, `bundle-does-not-start`
 */
export async function buildBundle(options: {
  name: string;
  topology: Topology;
  /** Made where it is not there. */
  folder: string;
}): Promise<string> {
  const { name, topology, folder } = options;
  await mkdir(folder, { recursive: true });
  await build({
    input: { function: 'function' },
    cwd: root,
    platform: 'node',
    external,
    // What is not called is not needed: no module of ours is imported for what its import does.
    treeshake: { moduleSideEffects: false },
    plugins: [entry(name, topology), leaseThread, unused],
    logLevel: 'warn',
    output: { dir: folder, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
  });
  // A thread of its own waits at its top level, which only an ES module may.
  await build({
    input: { 'lease-thread': join(root, 'shared/host/lease-thread.ts') },
    cwd: root,
    platform: 'node',
    external,
    treeshake: { moduleSideEffects: false },
    logLevel: 'warn',
    output: { dir: folder, format: 'esm', entryFileNames: '[name].mjs', codeSplitting: false },
  });
  await cp(join(root, 'shared/ledger/sql'), join(folder, 'sql'), { recursive: true });
  const main = join(folder, 'main.cjs');
  await writeFile(main, MAIN);
  await compileOnce(main);
  return main;
}

const MAIN = `'use strict';
require('node:module').enableCompileCache(require('node:path').join(__dirname, 'compiled'));
require('./function.cjs');
`;

/** The module that a bundle begins with: the function, and its part of the topology. */
function entry(name: string, topology: Topology): Plugin {
  const found = topology.functions.find((each) => each.name === name);
  const profile = found && topology.profiles[found.profile];
  if (found === undefined || profile === undefined)
    throw new Permanent('function-unknown', `events.yaml has no function "${name}".`);
  const folder = join(root, 'functions', found.area, name);
  const id = join(folder, 'bundle-entry.ts');
  const known = { topology: found, profile, source: topology.source, lanes: Object.keys(topology.profiles) };
  return {
    name: 'entry',
    resolveId: (asked) => (asked === 'function' ? { id, moduleSideEffects: true } : undefined),
    load: (asked) =>
      asked === id
        ? `import { serveFunction } from '#shared/deployment';
import definition from './function.ts';
serveFunction({ definition, ...${JSON.stringify(known)} }).catch((error: unknown) => {
  process.stderr.write(\`\${error instanceof Error ? error.message : String(error)}\\n\`);
  process.exit(1);
});`
        : undefined,
  };
}

/** The thread stands beside the bundle, under the name that it has there. */
const leaseThread: Plugin = {
  name: 'lease-thread',
  transform: (code, id) =>
    id.endsWith('/host-lease.ts')
      ? code.replace("URL('./lease-thread.ts'", "URL('./lease-thread.mjs'")
      : undefined,
};

/**
 * What packages load and we never use, a tenth of the start: prom-client's pushing of metrics and metrics of a cluster's
 * workers; HTTP/2, which the SDK of AWS speaks to other services than ours.
 */
const unused: Plugin = {
  name: 'unused',
  resolveId(asked, from = '') {
    if (/^(node:)?http2$/.test(asked)) return { id: '\0http2', moduleSideEffects: false };
    const isOfMetrics = from.includes('/prom-client/') && /^\.\/lib\/(pushgateway|cluster)$/.test(asked);
    return isOfMetrics ? { id: '\0metrics', moduleSideEffects: false } : undefined;
  },
  load(id) {
    if (id === '\0http2') return 'export class Http2ServerRequest {}\nexport const constants = {};';
    return id === '\0metrics' ? 'module.exports = class Unused {};' : undefined;
  },
};
