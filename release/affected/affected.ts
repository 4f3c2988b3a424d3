import { join } from 'node:path';
import type { Git } from '../git.ts';
import { type Contents, createTracer } from './contents.ts';
import { changedPackages, withDependencies } from './packages.ts';
import { readNeeds, readPorts } from './ports.ts';
import { readImports } from './read-imports.ts';
import { changedInTopology } from './topology-page.ts';

export interface FunctionFolder {
  readonly name: string;
  readonly area: string;
}

export interface Change {
  readonly hash: string;
  readonly parent: string | undefined;
  readonly files: readonly string[];
}

/** Says whose images a commit changes. */
export interface Affected {
  /** @returns names of functions */
  of(change: Change): Promise<readonly string[]>;
}

/** Every image holds it: the process around the function. */
const AROUND = 'shared/deployment/index.ts';
/** Not in an image. */
const TESTS = /\.(test|contract)\.ts$|\/(testing|fixtures)\//;
/** What all images are built with. */
const RECIPE = /(^|\/)Dockerfile$|^images\/(bundle|compile|root)(\.|\/)/;

/**
 * Knows the modules of every function as the checkout has them now. What a commit deleted or moved is seen by those
 * that had to change with it.
 */
export function createAffected(options: {
  root: string;
  git: Git;
  functions: readonly FunctionFolder[];
}): Affected {
  const { root, git, functions } = options;
  const tracer = createTracer(root);
  const ports = readPorts(root);
  const contents = new Map(
    functions.map(({ area, name }) => {
      const own = `functions/${area}/${name}/`;
      const needs = readNeeds(join(root, `${own}function.ts`)).flatMap((port) => [
        ports.get(port) ?? '',
        `shared/ports/${dashed(port)}.ts`,
      ]);
      const entries = [`${own}function.ts`, AROUND, ...needs.filter((path) => path !== '')];
      return [name, { ...tracer.contentsOf(entries), own }];
    }),
  );
  const textAt = (commit: string | undefined, path: string): Promise<string> =>
    commit === undefined ? Promise.resolve('') : git('show', `${commit}:${path}`).catch(() => '');

  const beforeAndAfter = async ({ hash, parent }: Change, path: string) =>
    [await textAt(parent, path), await textAt(hash, path)] as const;

  const holdersOf = async (change: Change, path: string): Promise<readonly string[]> => {
    if (TESTS.test(path)) return [];
    if (RECIPE.test(path)) return functions.map(({ name }) => name);
    if (path === 'events.yaml') return changedInTopology(functions, ...(await beforeAndAfter(change, path)));
    if (path === 'package-lock.json') {
      const [before, after] = await beforeAndAfter(change, path);
      const changed = changedPackages(before, after);
      return namesOf(contents, ({ packages }) =>
        withDependencies(after, packages).some((place) => changed.has(place)),
      );
    }
    const held = namesOf(contents, (one) => path.startsWith(one.own) || holds(one, path));
    const takers = namesOf(contents, ({ taken }) => taken.has(path));
    if (takers.length === 0) return held;
    const [before, after] = (await beforeAndAfter(change, path)).map((text) => sourcesIn(path, text));
    const moved = namesOf(contents, ({ taken }) =>
      [...(taken.get(path) ?? [])].some((name) => before?.get(name) !== after?.get(name)),
    );
    return [...held, ...moved];
  };

  return {
    of: async (change) => {
      const found = await Promise.all(change.files.map((path) => holdersOf(change, path)));
      return [...new Set(found.flat())].sort();
    },
  };
}

/** `scriptWriter` is made in `shared/ports/script-writer.ts`. */
const dashed = (port: string) => port.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const holds = ({ files, folders }: Contents, path: string) =>
  files.has(path) || [...folders].some((folder) => path.startsWith(folder));

function namesOf<T>(all: ReadonlyMap<string, T>, isOne: (value: T) => boolean): readonly string[] {
  return [...all].filter(([, value]) => isOne(value)).map(([name]) => name);
}

/** Of an index: where each of its names comes from. */
function sourcesIn(path: string, text: string): ReadonlyMap<string, string> {
  const { imports } = readImports(path, text);
  return new Map(
    imports.flatMap(({ from, names }) =>
      [...(names ?? [])].map(([name, there]): [string, string] => [name, `${from}#${there}`]),
    ),
  );
}
