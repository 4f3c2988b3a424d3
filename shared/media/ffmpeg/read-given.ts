import { MillraceError, Permanent } from '#shared/errors';
import { type FfmpegRun, fileUrl, LOCAL_ONLY, runFfmpeg } from './run-ffmpeg.ts';

/**
 * The containers that are taken, by FFmpeg's names, whatever a file says it is. Without this list a playlist (HLS, DASH,
 * concat) would be followed to other files, and DASH to other machines past the list of protocols. No picture in it is
 * larger than an 8K frame, no block of memory than half a gigabyte.
 */
const LIMITS = [
  ...['-max_alloc', '536870912', ...LOCAL_ONLY, '-format_whitelist', 'wav,mp3,mov,ogg,flac,matroska'],
  ...['-max_pixels', '40000000'],
];
/** Bytes: fifty times what decoding a good file takes. */
const MEMORY = 1024 * 1024 * 1024;

/**
 * Runs FFmpeg on a file that somebody gave, within limits for hostile ones; `args` follow the input.
 *
 * @throws Permanent `media-unreadable` for whatever is wrong with the file; and see {@link runFfmpeg}
 */
export async function readGivenFile(
  run: Omit<FfmpegRun, 'input' | 'feed' | 'memoryLimit'> & {
    readonly path: string;
    readonly logLevel: 'info' | 'warning';
  },
): Promise<string> {
  const { path, logLevel, args, ...rest } = run;
  try {
    return await runFfmpeg({
      ...rest,
      memoryLimit: MEMORY,
      args: ['-loglevel', logLevel, ...LIMITS, '-i', fileUrl(path), ...args],
    });
  } catch (error) {
    // What does not decode now will not decode later.
    if (!(error instanceof MillraceError) || error.code !== 'ffmpeg-failed') throw error;
    throw new Permanent('media-unreadable', error.message.replace(/^FFmpeg ended with \S+:/, 'FFmpeg says:'));
  }
}
