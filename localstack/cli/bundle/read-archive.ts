import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { Permanent } from '#shared/errors';

/** So much may come out of one byte, where there is much: more is a bomb. */
const MOST_RATIO = 200;
const RATIO_MATTERS_BYTES = 100e6;
const MOST_ENTRIES = 10_010;

/** A zip from outside whose list of contents was examined: names, sizes, ratio. */
export interface Archive {
  readonly names: readonly string[];
  /** @throws Permanent `bundle-refused` where it is missing or larger than `maxBytes` */
  text(name: string, limits: { maxBytes: number }): Promise<string>;
  /** Ends with an error where the bytes are more or fewer than the list says. */
  stream(name: string): Promise<Readable>;
  close(): void;
}

/**
 * Opens a zip that anybody may have made.
 *
 * @param isExpected says which names may be in it
 * @throws Permanent `bundle-refused`: no zip, a name that is not expected or comes twice, a size or a ratio past the limit
 */
export async function openArchive(request: {
  path: string;
  isExpected: (name: string) => boolean;
  /** Of all that comes out of it. */
  maxBytes: number;
}): Promise<Archive> {
  const { path, isExpected, maxBytes } = request;
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Permanent('file-missing', `There is no file ${path}.`) : error;
  });
  if (size > maxBytes) throw tooLarge(size, maxBytes);
  const zip = await open(path);
  try {
    const entries = await listEntries(zip, { isExpected, maxBytes, size });
    const find = (name: string): yauzl.Entry => {
      const entry = entries.get(name);
      if (entry === undefined) throw refused(`it has no ${name}`);
      return entry;
    };
    const stream = (name: string) => openEntry(zip, find(name));
    return {
      names: [...entries.keys()],
      stream,
      async text(name, limits) {
        const { uncompressedSize } = find(name);
        if (uncompressedSize > limits.maxBytes)
          throw refused(`${name} has ${uncompressedSize} bytes, at most ${limits.maxBytes} are taken`);
        return await buffer(await stream(name)).then(
          (bytes) => bytes.toString('utf8'),
          (error: Error) => {
            throw refused(`${name} cannot be read (${error.message})`);
          },
        );
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function open(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(
      path,
      { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true },
      (error, zip) => {
        if (error) reject(refused(error.message));
        else resolve(zip);
      },
    );
  });
}

function listEntries(
  zip: yauzl.ZipFile,
  limits: { isExpected: (name: string) => boolean; maxBytes: number; size: number },
): Promise<ReadonlyMap<string, yauzl.Entry>> {
  const { isExpected, maxBytes, size } = limits;
  if (zip.entryCount > MOST_ENTRIES) return Promise.reject(refused(`it has ${zip.entryCount} entries`));
  const entries = new Map<string, yauzl.Entry>();
  let total = 0;
  return new Promise((resolve, reject) => {
    zip.on('error', (error: Error) => reject(refused(error.message)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      const name = entry.fileName;
      total += entry.uncompressedSize;
      const problem = !isExpected(name)
        ? `"${name.slice(0, 60)}" does not belong in a bundle`
        : entries.has(name)
          ? `${name} comes twice`
          : entry.isEncrypted()
            ? `${name} is encrypted`
            : undefined;
      if (problem !== undefined) return reject(refused(problem));
      if (total > maxBytes) return reject(tooLarge(total, maxBytes));
      if (total > RATIO_MATTERS_BYTES && total > size * MOST_RATIO)
        return reject(refused(`${size} bytes would become more than ${total}`));
      entries.set(name, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function openEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(refused(error.message));
      else resolve(stream);
    });
  });
}

export function refused(why: string): Permanent {
  return new Permanent('bundle-refused', `This is no bundle that can be taken: ${why}.`);
}

function tooLarge(bytes: number, maxBytes: number): Permanent {
  return new Permanent(
    'bundle-too-large',
    `The bundle holds ${Math.ceil(bytes / 1e6)} MB, at most ${Math.floor(maxBytes / 1e6)} MB are taken; --max-mb takes more.`,
  );
}
