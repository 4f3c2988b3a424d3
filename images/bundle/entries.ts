import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import type { Topology } from '#shared/topology';
import { knownFunction } from '../definition.ts';

/**
 * The module that a function's bundle begins with: the function, its part of the topology, the makers of its ports.
 *
 * @throws Permanent `function-unknown`
 */
export async function functionEntry(options: {
  root: string;
  name: string;
  topology: Topology;
}): Promise<Plugin> {
  const { root, name, topology } = options;
  const { fn, profile, definition, folder } = await knownFunction(name, topology);
  const ports = definition.needs.map((port) => {
    const module = join(root, 'shared', 'ports', `${dashed(port)}.ts`);
    return `${port}: async () => (await import(${JSON.stringify(module)})).${port}`;
  });
  const known = { topology: fn, profile, source: topology.source, lanes: Object.keys(topology.profiles) };
  return entry(
    join(folder, 'bundle-entry.ts'),
    `import { serveFunction } from '#shared/deployment';
import definition from './function.ts';
serveFunction({ definition, ...${JSON.stringify(known)}, ports: { ${ports.join(', ')} } }).catch((error: unknown) => {
  process.stderr.write(\`\${error instanceof Error ? error.message : String(error)}\\n\`);
  process.exit(1);
});`,
  );
}

/** The platform's own processes begin with a module of theirs. */
export const platformEntry = (root: string): Plugin => entry(join(root, 'platform', 'main.ts'));

/** @param code of the module; what stands in its file where it is not given */
function entry(id: string, code?: string): Plugin {
  return {
    name: 'entry',
    resolveId: (asked) => (asked === 'entry' ? { id, moduleSideEffects: true } : undefined),
    load: (asked) => (asked === id ? code : undefined),
  };
}

/** `scriptWriter` is made in `script-writer.ts`. */
const dashed = (port: string) => port.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
