import { z } from 'zod';

const names = z.record(z.string(), z.string()).optional();
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      dependencies: names,
      optionalDependencies: names,
      peerDependencies: names,
    }),
  ),
});
type Packages = z.infer<typeof lockfile>['packages'];

/** Places in the lockfile (`node_modules/pg`) that hold another version than before, or none any more. */
export function changedPackages(before: string, after: string): ReadonlySet<string> {
  const one = packagesIn(before);
  const other = packagesIn(after);
  const places = new Set([...Object.keys(one), ...Object.keys(other)].filter((place) => place !== ''));
  return new Set([...places].filter((place) => identity(one[place]) !== identity(other[place])));
}

/** The places of these packages and of all that they need. */
export function withDependencies(text: string, wanted: ReadonlySet<string>): readonly string[] {
  const packages = packagesIn(text);
  const found = new Set<string>();
  const visit = (name: string, from: string): void => {
    const place = placeOf(packages, name, from);
    if (place === undefined || found.has(place)) return;
    found.add(place);
    const { dependencies, optionalDependencies, peerDependencies } = packages[place] ?? {};
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(next, place);
  };
  for (const name of wanted) visit(name, '');
  return [...found];
}

function packagesIn(text: string): Packages {
  try {
    return lockfile.parse(JSON.parse(text)).packages;
  } catch {
    // A lockfile of another age, or none: nothing can be said of its packages.
    return {};
  }
}

const identity = (one: Packages[string] | undefined) => one && `${one.version} ${one.integrity}`;

/** Where Node finds a package: beside the one that needs it, or further out. */
function placeOf(packages: Packages, name: string, from: string): string | undefined {
  const parts = from === '' ? [] : from.split('/node_modules/');
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const place = [...parts.slice(0, depth), depth === 0 ? `node_modules/${name}` : name].join(
      '/node_modules/',
    );
    if (place in packages) return place;
  }
  return undefined;
}
