import type { Readable } from 'node:stream';
import { MillraceError, Permanent } from '#shared/errors';
import type { ObjectStore } from '#shared/storage';
import type { PictureSize } from './make-sizes.ts';

/** Bytes of a picture that somebody sends. */
const MOST_PICTURE_BYTES = 20 * 1024 * 1024;

/** Whose picture, and which. */
export interface PictureId {
  readonly user: string;
  readonly picture: string;
}

/** The bytes of people's pictures, in the object store. */
export interface PictureFiles {
  /** Keeps what is being sent aside. @throws Permanent `object-too-large` */
  receive(request: {
    user: string;
    name: string;
    body: Readable;
    signal: AbortSignal;
  }): Promise<{ bytes: number; sha256: string }>;
  /** Makes what was kept aside the original of a picture. */
  keep(request: PictureId & { name: string }): Promise<void>;
  /** What was kept aside is not needed. */
  drop(request: { user: string; name: string }): Promise<void>;
  /** As it was sent. @throws Permanent `picture-missing` */
  original(request: PictureId & { signal: AbortSignal }): Promise<Buffer>;
  write(request: PictureId & { size: PictureSize; bytes: Buffer; signal: AbortSignal }): Promise<void>;
  /** @throws Permanent `object-not-found` */
  read(request: PictureId & { size: PictureSize; signal: AbortSignal }): Promise<Readable>;
  removeOriginal(request: PictureId): Promise<void>;
  remove(request: PictureId): Promise<void>;
}

export function createPictureFiles({ store }: { store: ObjectStore }): PictureFiles {
  return {
    async receive({ user, name, body, signal }) {
      const options = { type: 'application/octet-stream', maxBytes: MOST_PICTURE_BYTES, signal };
      const { bytes, sha256 } = await store.put(asideKey(user, name), body, options);
      return { bytes, sha256 };
    },
    async keep({ user, picture, name }) {
      await store.copy(asideKey(user, name), `${folderOf({ user, picture })}original`);
    },
    drop: ({ user, name }) => store.remove(asideKey(user, name)),
    async original({ signal, ...id }) {
      try {
        const chunks: Buffer[] = [];
        // Its size was limited as it came.
        for await (const chunk of await store.get(`${folderOf(id)}original`, { signal })) chunks.push(chunk);
        return Buffer.concat(chunks);
      } catch (error) {
        if (error instanceof MillraceError && error.code === 'object-not-found')
          throw new Permanent('picture-missing', 'The bytes of the picture are not there; send it again.');
        throw error;
      }
    },
    async write({ size, bytes, signal, ...id }) {
      await store.put(`${folderOf(id)}${size}.webp`, bytes, { type: 'image/webp', signal });
    },
    read: ({ size, signal, ...id }) => store.get(`${folderOf(id)}${size}.webp`, { signal }),
    removeOriginal: (id) => store.remove(`${folderOf(id)}original`),
    async remove(id) {
      await store.removeUnder(folderOf(id));
    },
  };
}

function folderOf({ user, picture }: PictureId): string {
  return `pictures/${user}/${picture}/`;
}

function asideKey(user: string, name: string): string {
  return `pictures/${user}/incoming/${name}`;
}
