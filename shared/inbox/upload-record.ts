import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { MillraceError } from '#shared/errors';
import type { ObjectStore } from '#shared/storage';

/** Where uploads lie until they are complete, and media until it is used. */
export const STAGING = '.uploads/';

/** How the bytes come, where they do not come by one PUT to us. */
const sending = z.discriminatedUnion('way', [
  /** One PUT to the store. */
  z.strictObject({ way: z.literal('store-put') }),
  /** Parts to the store, as its upload of this id. */
  z.strictObject({ way: z.literal('store-parts'), upload: z.string(), partBytes: z.int().positive() }),
  /** Parts to us, each an object beside the record. */
  z.strictObject({ way: z.literal('own-parts'), partBytes: z.int().positive() }),
]);

export type Sending = z.infer<typeof sending>;

/** The record of an upload, which lies beside its bytes. */
const record = z.strictObject({
  id: z.uuid(),
  account: z.string(),
  name: z.string(),
  type: z.string(),
  /** Declared: the upload must have exactly so many. */
  bytes: z.int().nonnegative().optional(),
  maxBytes: z.int().positive(),
  sha256: z.string().optional(),
  status: z.enum(['open', 'received', 'completed']),
  sending: sending.optional(),
  received: z.strictObject({ bytes: z.int(), sha256: z.string() }).optional(),
  expiresAt: z.iso.datetime(),
});

export type Upload = z.infer<typeof record>;

export const folderOf = (id: string): string => `${STAGING}${id}/`;
export const recordKey = (id: string): string => `${folderOf(id)}upload.json`;
/** What was checked; no client can write here. */
export const bytesKey = (id: string): string => `${folderOf(id)}bytes`;
/** Where clients send to, as far as they send to the store. */
export const sentKey = (id: string): string => `${folderOf(id)}sent`;
export const partKey = (id: string, part: number): string =>
  `${folderOf(id)}parts/${String(part).padStart(5, '0')}`;

/**
 * Reads a record; undefined where there is none, or bytes that are none (torn, or of another version).
 *
 * @throws what the store throws else: a record that cannot be read at this moment is not one that is gone
 */
export async function readRecord(store: ObjectStore, key: string): Promise<Upload | undefined> {
  try {
    return record.parse(JSON.parse(await text(await store.get(key))));
  } catch (error) {
    const isGone = error instanceof MillraceError && error.code === 'object-not-found';
    if (isGone || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
