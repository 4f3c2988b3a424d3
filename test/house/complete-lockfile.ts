interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

interface Lockfile {
  readonly packages: Readonly<Record<string, Locked>>;
  readonly [field: string]: unknown;
}

const SYSTEMS = /android|darwin|freebsd|linux|openbsd|netbsd|openharmony|win32/;
const PROCESSORS = /arm64|x64|riscv64|ppc64|s390x|ia32|loong64|arm/;

/**
 * `npm install` leaves out of package-lock.json the packages of other platforms that its registry does not hold at
 * that moment; `npm ci` then refuses the file on every platform. They are added here by what their names say: npm
 * needs no more, because it never fetches a package of another platform.
 *
 * @param text package-lock.json (lockfileVersion 3)
 */
export function completeLockfile(text: string): string {
  const lock: Lockfile = JSON.parse(text);
  const missing = Object.entries(lock.packages).flatMap(([place, { dev, engines, ...parent }]) =>
    Object.entries(place === '' ? {} : (parent.optionalDependencies ?? {}))
      .filter(([name]) => !placesOf(name, place).some((at) => at in lock.packages))
      .map(([name, version]) => [
        `node_modules/${name}`,
        {
          version,
          cpu: [PROCESSORS.exec(name)?.[0]],
          ...(dev === undefined ? {} : { dev }),
          ...(name.includes('linux') ? { libc: [name.includes('musl') ? 'musl' : 'glibc'] } : {}),
          license: parent.license,
          optional: true,
          os: [SYSTEMS.exec(name)?.[0]],
          ...(engines === undefined ? {} : { engines }),
        },
      ]),
  );
  if (missing.length === 0) return text;
  const packages = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) });
  packages.sort(([one], [other]) => one.localeCompare(other, 'en'));
  return `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`;
}

/** Where Node would look for a package that the one at `place` needs. */
function placesOf(name: string, place: string): readonly string[] {
  const parents = place
    .split('/node_modules/')
    .map((_, end, parts) => parts.slice(0, end + 1).join('/node_modules/'));
  return ['', ...parents].map((at) => (at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`));
}
