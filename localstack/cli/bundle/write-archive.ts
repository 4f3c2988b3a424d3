import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { Cancelled, Conflict } from '#shared/errors';

/** Compressing these again costs time and saves nothing. */
const PACKED = /^(video|image|audio)\/(?!wav|x-wav|svg)/;

/** One file of an archive. */
export type ArchivePart =
  | { readonly name: string; readonly text: string }
  | {
      readonly name: string;
      readonly type: string;
      readonly bytes: number;
      /** Opened when its turn comes. */
      open(): Promise<Readable>;
    };

/**
 * Writes a zip that only its owner may read. It has its name when it is whole, and not before; nothing is replaced.
 *
 * @throws Conflict `file-exists`; Cancelled `interrupted`; whatever opening a part throws
 */
export async function writeArchive(request: {
  path: string;
  parts: readonly ArchivePart[];
  /** Told of each part that begins. */
  onPart?: (part: ArchivePart) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { path, parts, onPart, signal } = request;
  const aside = `${path}.part`;
  const zip = new ZipFile();
  const failed = new AbortController();
  for (const part of parts) {
    if ('text' in part) zip.addBuffer(Buffer.from(part.text, 'utf8'), part.name);
    else
      zip.addReadStreamLazy(
        part.name,
        { compress: !PACKED.test(part.type), size: part.bytes, mode: 0o600 },
        (answer) => {
          onPart?.(part);
          part.open().then(
            (stream) => {
              // The archive does not end by itself when one of its sources does.
              stream.once('error', (error) => failed.abort(error));
              answer(null, stream);
            },
            (error: Error) => failed.abort(error),
          );
        },
      );
  }
  zip.on('error', (error) => failed.abort(error));
  zip.end();
  const output = createWriteStream(aside, { mode: 0o600 });
  try {
    await pipeline(zip.outputStream, output, { signal: AbortSignal.any([signal, failed.signal]) });
    // Fails where the name exists, unlike a rename.
    await link(aside, path);
  } catch (error) {
    if (failed.signal.aborted) throw failed.signal.reason;
    if (signal.aborted)
      throw new Cancelled('interrupted', 'Interrupted: nothing was packed.', { cause: error });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw fileExists(path);
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

export function fileExists(path: string): Conflict {
  return new Conflict('file-exists', `There is a file ${path} already; name another with --out.`);
}
