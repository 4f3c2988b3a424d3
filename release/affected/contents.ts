import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { type Imports, readImports } from './read-imports.ts';

/** What the image of a function is made of. Paths from the root, with slashes. */
export interface Contents {
  /** Modules, and files that modules name by their URL. */
  readonly files: ReadonlySet<string>;
  /** Folders that modules name by their URL, each with a slash at its end. */
  readonly folders: ReadonlySet<string>;
  /** Of each index on the way, the names that are taken from it. */
  readonly taken: ReadonlyMap<string, ReadonlySet<string>>;
  /** npm packages that its modules import. */
  readonly packages: ReadonlySet<string>;
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  allowJs: true,
};
const MODULE = /\.[mc]?[jt]s$/;

/** Follows imports as TypeScript resolves them; each file of the checkout is read once. */
export function createTracer(root: string): { contentsOf(entries: readonly string[]): Contents } {
  const read = new Map<string, Imports>();
  const cache = ts.createModuleResolutionCache(root, (name) => name, OPTIONS);

  const importsOf = (file: string): Imports => {
    const known = read.get(file) ?? readImports(file, readFileSync(file, 'utf8'));
    read.set(file, known);
    return known;
  };
  const resolveFrom = (file: string, name: string): string | undefined => {
    const mode = ts.ModuleKind.ESNext;
    const found = ts.resolveModuleName(name, file, OPTIONS, ts.sys, cache, undefined, mode).resolvedModule;
    if (found !== undefined) return found.resolvedFileName;
    const path = resolve(dirname(file), name);
    return name.startsWith('.') && existsSync(path) ? path : undefined;
  };

  return {
    contentsOf: (entries) => {
      const files = new Set<string>();
      const folders = new Set<string>();
      const packages = new Set<string>();
      const taken = new Map<string, Set<string>>();
      const inRoot = (file: string) => relative(root, file).split(sep).join('/');

      const follow = (file: string, from: string, wanted: Iterable<string> | undefined): void => {
        const target = resolveFrom(file, from);
        const isOurs = target !== undefined && !target.includes('/node_modules/');
        if (isOurs) visit(target, wanted);
        else if (!/^[.#/]|^node:/.test(from)) packages.add(packageOf(from));
      };
      const visit = (file: string, wanted: Iterable<string> | undefined): void => {
        const path = inRoot(file);
        const { imports, beside, isIndex } = MODULE.test(file)
          ? importsOf(file)
          : { imports: [], beside: [], isIndex: false };
        if (isIndex && wanted !== undefined) {
          const names = taken.get(path) ?? new Set<string>();
          taken.set(path, names);
          for (const name of wanted) {
            if (names.has(name)) continue;
            names.add(name);
            const source = imports.find(({ names }) => names?.has(name));
            const there = source?.names?.get(name);
            if (source !== undefined && there !== undefined) follow(file, source.from, [there]);
          }
          return;
        }
        if (files.has(path)) return;
        files.add(path);
        for (const one of imports) follow(file, one.from, one.names?.values());
        for (const one of beside) {
          const target = join(dirname(file), one);
          if (!existsSync(target)) continue;
          if (statSync(target).isDirectory()) folders.add(`${inRoot(target).replace(/\/$/, '')}/`);
          else visit(target, undefined);
        }
      };
      for (const entry of entries) if (existsSync(join(root, entry))) visit(join(root, entry), undefined);
      return { files, folders, packages, taken };
    },
  };
}

const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
