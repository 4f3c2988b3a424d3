import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { inheritedEnvironment } from '#shared/config';
import { findFfmpeg } from '#shared/media';
import { assembleRoot, machineCodeIn, USER } from '../root/assemble-root.ts';

/**
 * Somewhere to start bundles with nothing around them: where the tests are root, the root of an image, read-only, as the
 * image's user, with an empty `/tmp`; elsewhere a read-only copy in an empty folder.
 */
export interface Place {
  /** Is it the root of an image? */
  readonly isRoot: boolean;
  /** A folder that bundles may write to, here and as they see it. */
  readonly data: { readonly here: string; readonly there: string };
  /** Gives what the test laid into `data` to the image's user. */
  handOver(): Promise<void>;
  start(options: {
    bundle: string;
    /** After `main.cjs`. */
    words?: readonly string[];
    /** What its image has beside Node. */
    has: 'bare' | 'ffmpeg';
    environment: Readonly<Record<string, string>>;
  }): Promise<Started>;
  remove(): Promise<void>;
}

/** A bundle that runs. */
export interface Started {
  readonly child: ChildProcess;
  /** What it has written as warning or error so far. */
  complaints(): string;
  readonly ended: Promise<{ code: unknown; complaints: string }>;
  /** Waits until it listens; answers its address. @throws Error with its complaints if it ends before */
  listening(): Promise<string>;
}

const FFMPEG = '/usr/bin/ffmpeg';

/** @param bundles those that will be started there */
export async function openPlace(bundles: readonly string[]): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-place-'));
  const isRoot = canBeRoot();
  const data = join(folder, 'data');
  const roots = { bare: join(folder, 'bare'), ffmpeg: join(folder, 'ffmpeg') };
  const temporary = join(folder, 'tmp');
  await mkdir(data);
  await mkdir(temporary);
  const ffmpeg = await which((await findFfmpeg()).path);
  if (isRoot) {
    const node = { 'usr/local/bin/node': process.execPath };
    const machineCode = (await Promise.all(bundles.map(machineCodeIn))).flat();
    await assembleRoot({ folder: roots.bare, programs: node, machineCode });
    // FFmpeg is started by a shell that limits its memory; images with FFmpeg have both.
    const programs = { ...node, [FFMPEG]: ffmpeg, 'bin/sh': '/bin/sh' };
    await assembleRoot({ folder: roots.ffmpeg, programs, machineCode });
    // A runtime lays these into every container.
    for (const root of Object.values(roots))
      for (const name of ['app', 'data', 'dev', 'proc']) await mkdir(join(root, name));
  }
  const running = new Set<ChildProcess>();
  const handOver = async () => {
    if (isRoot) await promisify(execFile)('chown', ['-R', `${USER}:${USER}`, data]);
  };
  await handOver();
  const copies = new Map<string, Promise<string>>();
  const copyOf = (bundle: string): Promise<string> => {
    const copy = copies.get(bundle) ?? readOnlyCopy(bundle, folder);
    copies.set(bundle, copy);
    return copy;
  };

  return {
    isRoot,
    data: { here: data, there: isRoot ? '/data' : data },
    handOver,
    async start({ bundle, words: args = [], has, environment }) {
      const enter = ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', ENTER, 'sh'];
      const [program = '', ...words] = isRoot
        ? [...enter, roots[has], bundle, data, ...args]
        : [process.execPath, join(await copyOf(bundle), 'main.cjs'), ...args];
      const child = spawn(program, words, {
        cwd: folder,
        // Nothing of the test's own environment: NODE_PATH, a cache, a home.
        env: {
          PATH: isRoot ? '/usr/bin:/bin:/usr/sbin:/sbin' : (inheritedEnvironment().PATH ?? ''),
          TMPDIR: isRoot ? '/tmp' : temporary,
          ...(has === 'ffmpeg' ? { FFMPEG_BIN: isRoot ? FFMPEG : ffmpeg } : {}),
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.add(child);
      return started(child);
    },
    async remove() {
      for (const child of running) child.kill('SIGKILL');
      // Nobody but root removes what is in a folder that cannot be written to.
      if (!isRoot) await promisify(execFile)('chmod', ['-R', 'u+w', folder]);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Makes the mounts that a runtime makes, visible to this process alone, and becomes the image's user. */
const ENTER = `root=$1 bundle=$2 data=$3
shift 3
mount --bind "$root" "$root"
mount --bind "$bundle" "$root/app"
mount --bind "$data" "$root/data"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
mount -o remount,bind,ro "$root/app"
exec chroot --userspec=${USER}:${USER} "$root" /usr/local/bin/node /app/main.cjs "$@"`;

function canBeRoot(): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'true'], { timeout: 5_000, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function readOnlyCopy(bundle: string, folder: string): Promise<string> {
  const copy = join(folder, 'app', basename(bundle));
  await cp(bundle, copy, { recursive: true });
  await promisify(execFile)('chmod', ['-R', 'a-w', copy]);
  return copy;
}

async function which(program: string): Promise<string> {
  if (program.startsWith('/')) return program;
  const { stdout } = await promisify(execFile)('sh', ['-c', `command -v "$0"`, program]);
  return stdout.trim();
}

function started(child: ChildProcess): Started {
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code, complaints }));
  const listening = Promise.withResolvers<string>();
  listening.promise.catch(() => undefined);
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { message, port, level } = JSON.parse(line) as {
        message?: string;
        port?: number;
        level?: string;
      };
      if (message === 'ready') listening.resolve(`http://127.0.0.1:${port}/`);
      if (level === 'warn' || level === 'error') complaints += `${line}\n`;
    });
  void ended.then(({ code }) => listening.reject(new Error(`It ended with ${code}: ${complaints}`)));
  return { child, ended, complaints: () => complaints, listening: () => listening.promise };
}
