import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inheritedEnvironment } from '#shared/config';

export const launcher = fileURLToPath(new URL('../../bin/millrace.mjs', import.meta.url));

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The Node that starts the launcher. */
  readonly node?: string;
  readonly launcher?: string;
  /** Run as this user and group. */
  readonly user?: number;
}

/** A `millrace` that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Answer>;
  /** Resolves when stdout matches; rejects when it ends before. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same of stderr. */
  complained(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the command line as a person would, with nothing of our settings in the environment. */
export function startMillrace(options: RunOptions): Running {
  const { words, environment = {}, folder, node = process.execPath, user } = options;
  const child = spawn(node, [options.launcher ?? launcher, ...words], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(folder === undefined ? {} : { cwd: folder }),
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let [out, err] = ['', ''];
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    for (const watch of watchers) watch();
  });
  const ended = new Promise<Answer>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
  const until = (pattern: RegExp, read: () => string) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const watch = () => {
        const match = pattern.exec(read());
        if (match !== null) resolve(match);
      };
      watchers.add(watch);
      watch();
      ended.then(() => reject(new Error(`It ended before it said ${pattern}:\n${out}\n${err}`)), reject);
    });
  return {
    child,
    ended,
    said: (pattern) => until(pattern, () => out),
    complained: (pattern) => until(pattern, () => err),
  };
}

/** Runs it to its end. */
export function millrace(...words: string[]): Promise<Answer> {
  return startMillrace({ words }).ended;
}
