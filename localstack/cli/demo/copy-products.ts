import { chmod, constants, copyFile, mkdir, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';

/**
 * Copies a video's files into a folder. Nothing there is replaced: where one of the names is taken, by an earlier video
 * or anything else, all copies get the same number, `video-2.mp4`.
 *
 * @returns the number (1: plain names) and the path of each copy by its name
 */
export async function copyProducts(request: {
  files: readonly { readonly name: string; readonly path: string }[];
  out: string;
}): Promise<{ number: number; copies: ReadonlyMap<string, string> }> {
  const { files, out } = request;
  await mkdir(out, { recursive: true });
  for (let number = 1; ; number += 1) {
    const copies = new Map(files.map(({ name }) => [name, join(out, numbered(name, number))]));
    if (await copyAll(files, copies)) return { number, copies };
  }
}

/** All of them or none; false where a name is taken. */
async function copyAll(
  files: readonly { readonly name: string; readonly path: string }[],
  copies: ReadonlyMap<string, string>,
): Promise<boolean> {
  const made: string[] = [];
  try {
    for (const { name, path } of files) {
      const copy = copies.get(name) ?? '';
      await copyFile(path, copy, constants.COPYFILE_EXCL);
      made.push(copy);
      // Products are read-only; the copy is its owner's to change.
      await chmod(copy, 0o644);
    }
    return true;
  } catch (error) {
    for (const copy of made) await rm(copy, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** `video.mp4`, `video-2.mp4`, `video-3.mp4` … */
function numbered(name: string, number: number): string {
  const { name: stem, ext } = parse(name);
  return number === 1 ? name : `${stem}-${number}${ext}`;
}
