import { execFile } from 'node:child_process';
import { chmod, copyFile, glob, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** Who runs an image. Kubernetes is told the same, because it must know before it starts a pod. */
export const USER = 65_532;
const LIMIT_MS = 30_000;

/** Names of users and groups, and where host names are looked up: what a C library asks of a system. */
const SYSTEM: Readonly<Record<string, string>> = {
  'etc/passwd': `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${USER}:${USER}:nonroot:/tmp:/sbin/nologin\n`,
  'etc/group': `root:x:0:\nnonroot:x:${USER}:\n`,
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

/**
 * Makes the root of an image that has no shell and no package manager: programs, the libraries that they and the machine
 * code of packages load, and a `/tmp`. What they come from is noted where scanners look (`/var/lib/dpkg/status.d`).
 *
 * @param options `programs`: paths here by paths there; `machineCode`: paths of `.node` files
 */
export async function assembleRoot(options: {
  folder: string;
  programs: Readonly<Record<string, string>>;
  machineCode: readonly string[];
}): Promise<void> {
  const { folder, programs, machineCode } = options;
  const loading = [...Object.values(programs), ...machineCode];
  const libraries = new Set((await Promise.all(loading.map(librariesOf))).flat());
  for (const [there, here] of Object.entries(programs)) await copy(here, join(folder, there), 0o755);
  for (const path of libraries) await copy(path, join(folder, path), 0o755);
  for (const [path, text] of Object.entries(SYSTEM)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o644 });
  }
  await mkdir(join(folder, 'tmp'), { recursive: true });
  await chmod(join(folder, 'tmp'), 0o1777);
  for (const name of await packagesOf([...libraries])) {
    const { stdout } = await run('dpkg-query', ['--status', name]);
    const page = join(folder, 'var/lib/dpkg/status.d', name.replace(/:.*/, ''));
    await mkdir(dirname(page), { recursive: true });
    await writeFile(page, stdout, { mode: 0o644 });
  }
}

/** Paths of the machine code that the packages of a bundle bring. */
export async function machineCodeIn(bundle: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const path of glob('node_modules/**/*.node', { cwd: bundle })) found.push(join(bundle, path));
  return found;
}

/** Libraries that the loader would load for it, itself among them. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program]);
  return stdout
    .split('\n')
    .map((line) => /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}

/** Packages of the distribution that own these files; of files that came otherwise, none. */
async function packagesOf(paths: readonly string[]): Promise<readonly string[]> {
  const owners = await Promise.all(
    paths.map(async (path) => {
      // `/lib` is a link to `/usr/lib`, and packages list one or the other.
      for (const name of [path, await realpath(path), path.replace(/^\/usr(?=\/lib)/, '')]) {
        const found = await run('dpkg-query', ['--search', name]).catch(() => undefined);
        if (found !== undefined) return found.stdout.split(': ')[0] ?? '';
      }
      return '';
    }),
  );
  return [...new Set(owners)].filter((name) => name !== '').sort();
}

async function copy(from: string, to: string, mode: number): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await chmod(to, mode);
}

const run = (program: string, words: readonly string[]) =>
  promisify(execFile)(program, words, { timeout: LIMIT_MS, maxBuffer: 2 ** 22 });
