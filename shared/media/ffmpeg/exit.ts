import { type MillraceError, Permanent, Transient } from '#shared/errors';

const BAD_INPUT =
  /Invalid data found|moov atom not found|does not contain any stream|matches no streams|Output file does not contain|could not find codec parameters|Invalid PNG|Format not on whitelist|no such file or directory|Not yet implemented/i;

/** Which failure an exit of FFmpeg is, told from its code and its last words. */
export function classifyExit(exit: {
  code: number | null;
  signal: string | null;
  stderr: string;
  args: readonly string[];
}): MillraceError {
  const words = lastWords(exit.stderr, exit.args);
  if (/No space left on device|Disk quota exceeded/i.test(exit.stderr)) {
    return new Transient('disk-full', 'The disk is full: free some space, then retry.');
  }
  if (/Cannot allocate memory|malloc of size \d+ failed/i.test(exit.stderr)) {
    return new Transient('out-of-memory', 'FFmpeg found no memory: run fewer at a time or give it more.');
  }
  if (exit.code === null) {
    return new Transient('ffmpeg-killed', `FFmpeg was killed (${exit.signal ?? 'no signal named'}).`);
  }
  if (BAD_INPUT.test(exit.stderr)) {
    return new Permanent('media-unreadable', `FFmpeg cannot read this file: ${words}`);
  }
  return new Transient('ffmpeg-failed', `FFmpeg ended with ${exit.code}: ${words}`);
}

/** The last two lines, without the machine's paths. */
function lastWords(stderr: string, args: readonly string[]): string {
  let text = stderr.trim().split('\n').slice(-2).join(' / ').slice(-500);
  for (const arg of args) {
    const path = arg.replace(/^file:/, '');
    if (path.startsWith('/')) text = text.replaceAll(path, path.slice(path.lastIndexOf('/') + 1));
  }
  return text;
}
