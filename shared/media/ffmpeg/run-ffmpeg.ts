import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Cancelled, MillraceError, Permanent, Transient } from '#shared/errors';
import { boundedText } from './bounded-text.ts';
import { classifyExit } from './exit.ts';

export interface FfmpegRun {
  /** Path or name of the program. */
  readonly ffmpeg: string;
  /** Everything after the switches that every run has. */
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Milliseconds after which it is killed. */
  readonly timeLimitMs: number;
  /** A file to send through standard input (`pipe:0`). */
  readonly input?: string;
  /** Writes standard input (`pipe:0`) itself; a throw here is the run's failure. */
  readonly feed?: (stdin: Writable) => Promise<void>;
  /** Called about twice a second with the length of what is written (FFmpeg 7 counts no copied frames). */
  readonly onSeconds?: (seconds: number) => void;
  /** `ffmpeg -i` without an output describes the file and exits 1. */
  readonly expectedExit?: number;
  /** Bytes that it may ask for in all (Linux; elsewhere it is not limited). For files that somebody gave. */
  readonly memoryLimit?: number;
}

/** What `spawn` may leave waiting in memory of what FFmpeg says, in characters. */
const STDERR_LIMIT = 64 * 1024;

/** Only local files and our own pipes: a playlist or a concat script cannot make FFmpeg call out. */
export const LOCAL_ONLY = ['-protocol_whitelist', 'file,pipe'] as const;

/** A path as FFmpeg's file protocol takes it: never an option, never another protocol. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

/**
 * Runs FFmpeg once; answers what it said on standard error, at most 64 KB.
 *
 * It is killed (SIGKILL: it has nothing to save) when `signal` aborts and at the time limit. Should this
 * process die without a word, its end of the pipe closes with it: the input ends and FFmpeg exits by itself,
 * which is why every long run reads its input from `pipe:0` and not from a path.
 *
 * @throws Permanent `ffmpeg-missing`, `media-unreadable`; Transient `ffmpeg-time-limit`, `ffmpeg-killed`,
 * `disk-full`, `out-of-memory`, `ffmpeg-failed`; Cancelled, or the signal's reason if it is one of these
 */
export async function runFfmpeg(run: FfmpegRun): Promise<string> {
  throwIfAborted(run.signal);
  const progress = run.onSeconds ? ['-progress', 'pipe:1', '-stats_period', '0.5'] : [];
  const fed = run.feed !== undefined || run.input !== undefined;
  const args = ['-hide_banner', '-nostdin', '-nostats', '-y', ...progress, ...run.args];
  const [program, programArgs] = limited({ program: run.ffmpeg, args, memoryLimit: run.memoryLimit });
  const child = spawn(program, programArgs, {
    stdio: [fed ? 'pipe' : 'ignore', run.onSeconds ? 'pipe' : 'ignore', 'pipe'],
    windowsHide: true,
  });
  const said = boundedText(STDERR_LIMIT);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.add(text));
  if (run.onSeconds) readProgress(child.stdout, run.onSeconds);

  let failure: unknown;
  const stop = (reason: unknown): void => {
    failure ??= reason;
    child.kill('SIGKILL');
  };
  const onAbort = (): void => stop(abortReason(run.signal));
  run.signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => stop(new Transient('ffmpeg-time-limit', `FFmpeg was not done after ${run.timeLimitMs / 1000} s.`)),
    run.timeLimitMs,
  );
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('error', (cause) => {
      failure ??= new Permanent('ffmpeg-missing', `FFmpeg cannot be started: ${cause.message}`, { cause });
      resolve({ code: null, signal: null });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const feeding = feedInput(run, child.stdin).catch((thrown: unknown) => {
    // FFmpeg closed its end: how it ended tells why, the broken pipe does not.
    if (!isBrokenPipe(thrown)) stop(thrown);
  });
  try {
    const exit = await ended;
    child.stdin?.destroy();
    await feeding;
    if (failure !== undefined) throw failure;
    if (exit.code !== (run.expectedExit ?? 0))
      throw classifyExit({ ...exit, stderr: said.text(), args: run.args });
    return said.text();
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', onAbort);
  }
}

/** The shell sets the limit (setrlimit, RLIMIT_DATA) and becomes the program: the process stays one. */
function limited(run: {
  program: string;
  args: readonly string[];
  memoryLimit: number | undefined;
}): [program: string, args: string[]] {
  const { program, args, memoryLimit } = run;
  if (memoryLimit === undefined || process.platform !== 'linux') return [program, [...args]];
  const kilobytes = Math.floor(memoryLimit / 1024);
  return ['/bin/sh', ['-c', `ulimit -d ${kilobytes} && exec "$0" "$@"`, program, ...args]];
}

/** What a call that was aborted throws. */
export function abortReason(signal: AbortSignal): MillraceError {
  return signal.reason instanceof MillraceError
    ? signal.reason
    : new Cancelled('cancelled', 'The work was cancelled.', { cause: signal.reason });
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}

async function feedInput(run: FfmpegRun, stdin: Writable | null): Promise<void> {
  if (!stdin) return;
  stdin.on('error', () => undefined);
  if (run.input !== undefined) await pipeline(createReadStream(run.input), stdin);
  else if (run.feed) {
    await run.feed(stdin);
    stdin.end();
  }
}

function isBrokenPipe(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return (
    code === 'EPIPE' ||
    code === 'ECONNRESET' ||
    code === 'ERR_STREAM_DESTROYED' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ERR_STREAM_WRITE_AFTER_END'
  );
}

function readProgress(stdout: NodeJS.ReadableStream | null, onSeconds: (seconds: number) => void): void {
  let rest = '';
  stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-200);
    for (const line of lines) {
      const microseconds = /^out_time_us=(\d+)$/.exec(line)?.[1];
      if (microseconds !== undefined) onSeconds(Number(microseconds) / 1_000_000);
    }
  });
}
