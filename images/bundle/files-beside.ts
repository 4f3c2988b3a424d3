import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Plugin } from 'rolldown';

/** `new URL('./lease-thread.ts', import.meta.url)`, ``new URL(`./sql/${name}.sql`, import.meta.url)``. */
const BESIDE = /new URL\((['"`])(\.{1,2}\/[^'"`$]*)([^'"`]*\1,\s*import\.meta\.url\))/g;

/** What modules name by its place beside them. */
export interface Beside {
  /** Files and folders, from the root of the project. */
  readonly files: readonly string[];
  /** Modules of threads by the name of their program in the bundle. */
  readonly threads: ReadonlyMap<string, string>;
}

/**
 * A bundle has no folders of ours: threads are programs beside `main.cjs`, files stand under `files/` by their path in the
 * project, and the modules that name them are told so.
 */
export function filesBeside(root: string): {
  plugin: Plugin;
  /** Of those of these modules that the plugin has seen. */
  of(modules: ReadonlySet<string>): Beside;
} {
  const seen = new Map<string, { files: string[]; threads: [string, string][] }>();
  return {
    plugin: {
      name: 'files-beside',
      transform(code, id) {
        if (!id.startsWith(root) || id.includes('/node_modules/') || !code.includes('new URL(')) return;
        const found = { files: [] as string[], threads: [] as [string, string][] };
        const rewritten = code.replace(BESIDE, (all, quote: string, path: string, rest: string) => {
          const target = join(dirname(id), path);
          // Words of a comment, say.
          if (!existsSync(target)) return all;
          const place = relative(root, target).split(sep).join('/');
          if (place.endsWith('.ts')) {
            const program = place
              .replace(/^shared\//, '')
              .replace(/\.ts$/, '')
              .replaceAll('/', '-');
            found.threads.push([program, target]);
            return `new URL(${quote}./${program}.mjs${rest}`;
          }
          found.files.push(place.replace(/\/$/, ''));
          return `new URL(${quote}./files/${place}${path.endsWith('/') && !place.endsWith('/') ? '/' : ''}${rest}`;
        });
        seen.set(id, found);
        return rewritten;
      },
    },
    of(modules) {
      const found = [...seen].filter(([id]) => modules.has(id)).map(([, beside]) => beside);
      return {
        files: found.flatMap(({ files }) => files),
        threads: new Map(found.flatMap(({ threads }) => threads)),
      };
    },
  };
}
