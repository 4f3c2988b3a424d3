import { resolve } from 'node:path';
import { Permanent } from '#shared/errors';

/**
 * A script for FFmpeg's concat demuxer. Inside single quotes all but the quote stands for itself; a quote is
 * closed, escaped and opened again (FFmpeg, "Quoting and escaping").
 *
 * @throws Permanent `segments-mismatch` for a path with a line break, which no quoting covers
 */
export function concatList(segments: readonly string[]): string {
  const lines = segments.map((segment) => {
    const path = resolve(segment);
    if (/[\r\n\0]/.test(path)) throw new Permanent('segments-mismatch', "A segment's path has a line break.");
    return `file 'file:${path.replaceAll("'", "'\\''")}'`;
  });
  return ['ffconcat version 1.0', ...lines, ''].join('\n');
}
