import { join } from 'node:path';
import { readFunction } from '../../knative/functions/read-function.ts';
import type { Git } from '../git.ts';
import { type Contents, createTracer } from './contents.ts';
import { changedPackages, withDependencies } from './packages.ts';
import { readPorts } from './ports.ts';
import { readImports } from './read-imports.ts';
import { changedInTopology, isAnotherPage } from './topology-page.ts';

export interface FunctionFolder {
  readonly name: string;
  readonly area: string;
}

/** The image of all that is no function of its own: the front door, the commands that it answers, what time does. */
export interface PlatformFolders {
  readonly name: string;
  /** The module that its process begins with. */
  readonly entry: string;
  /** Each with a slash at its end. */
  readonly own: readonly string[];
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
  platform?: PlatformFolders;
}): Affected {
  const { root, git, functions, platform } = options;
  const tracer = createTracer(root);
  const ports = readPorts(root);
  const contents = new Map(
    functions.map(({ area, name }) => {
      const own = `functions/${area}/${name}/`;
      const needs = readFunction(join(root, `${own}function.ts`)).ports.flatMap((port) => [
        ports.get(port) ?? '',
        `shared/ports/${dashed(port)}.ts`,
      ]);
      const entries = [`${own}function.ts`, AROUND, ...needs.filter((path) => path !== '')];
      return [name, { ...tracer.contentsOf(entries), own: [own] as readonly string[] }];
    }),
  );
  if (platform !== undefined)
    contents.set(platform.name, { ...tracer.contentsOf([platform.entry]), own: platform.own });
  const textAt = (commit: string | undefined, path: string): Promise<string> =>
    commit === undefined ? Promise.resolve('') : git('show', `${commit}:${path}`).catch(() => '');

  const beforeAndAfter = async ({ hash, parent }: Change, path: string) =>
    [await textAt(parent, path), await textAt(hash, path)] as const;

  const holdersOf = async (change: Change, path: string): Promise<readonly string[]> => {
    if (TESTS.test(path)) return [];
    if (RECIPE.test(path)) return [...contents.keys()];
    if (path === 'events.yaml') {
      const [before, after] = await beforeAndAfter(change, path);
      const names = changedInTopology(functions, before, after);
      // Its image holds the whole page.
      return platform !== undefined && isAnotherPage(before, after) ? [...names, platform.name] : names;
    }
    if (path === 'package-lock.json') {
      const [before, after] = await beforeAndAfter(change, path);
      const changed = changedPackages(before, after);
      return namesOf(contents, ({ packages }) =>
        withDependencies(after, packages).some((place) => changed.has(place)),
      );
    }
    const held = namesOf(
      contents,
      (one) => one.own.some((folder) => path.startsWith(folder)) || holds(one, path),
    );
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
