import { z } from 'zod';

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
export const record = z.strictObject({
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
