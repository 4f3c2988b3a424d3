import type { Readable } from 'node:stream';

/** What a store knows about one object. */
export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Media type (RFC 6838), from the key's extension where the store keeps none. */
  readonly type: string;
  readonly modifiedAt: Date;
  /** Changes with the bytes; from stores that know one. Give it back to `get` to read these bytes and no others. */
  readonly etag?: string;
  /** Where a bucket keeps old versions: this one's id. */
  readonly version?: string;
  /** What was stored with it, in stores that have a place for it (not a filesystem); only `head` says it. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface PutOptions {
  readonly type?: string;
  /** Short texts (ASCII) to keep with the object, where the store has a place for them. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * `once`: refuse (Conflict `object-exists`) where there is an object of this key. One of many wins, but a store may
   * not know conditional writes (Garage), so it must never be the only guard.
   */
  readonly create?: 'once';
  /** Refuse (Permanent `object-too-large`) once the body has passed so many bytes. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface StoredObject extends ObjectInfo {
  /** SHA-256 of the bytes, lower-case hex, computed while they streamed through. */
  readonly sha256: string;
}

/** A half-open byte range: `start` ≤ byte < `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** May hold fewer objects than were asked for, also none, and yet have a next one. */
export interface ObjectPage {
  readonly objects: readonly ObjectInfo[];
  /** Give it back as `after` to read on; absent on the last page. */
  readonly next?: string;
}

/** Lets a client outside send bytes straight to the bucket, by URLs that need no credentials. */
export interface DirectUploads {
  /** A URL that takes one PUT of exactly so many bytes, with the headers that come along. */
  signPut(request: {
    key: string;
    type: string;
    bytes: number;
    /** Lower-case hex; the store refuses other bytes. */
    sha256?: string | undefined;
    expiresAt: Date;
  }): Promise<{ url: string; headers: Readonly<Record<string, string>> }>;
  /** Begins an upload in parts; answers its id. */
  begin(request: { key: string; type: string }): Promise<string>;
  /** A URL that takes one part of exactly so many bytes. */
  signPart(request: {
    key: string;
    upload: string;
    number: number;
    bytes: number;
    expiresAt: Date;
  }): Promise<string>;
  /** The parts that have come, by number; undefined where there is no such upload (any more). */
  parts(request: { key: string; upload: string }): Promise<readonly SentPart[] | undefined>;
  /** Makes the object of these parts. Twice is the same, while the object is there. */
  complete(request: { key: string; upload: string; parts: readonly SentPart[] }): Promise<void>;
  /** Removes the parts; what is not there is no error. */
  abort(request: { key: string; upload: string }): Promise<void>;
}

export interface SentPart {
  readonly number: number;
  readonly bytes: number;
  readonly etag: string;
}

/** One bucket. Keys are checked by `checkKey` before any driver sees them. */
export interface ObjectStore {
  /** Streams the body to its key; the object appears whole or not at all, replacing what was there. */
  put(key: string, body: Uint8Array | Readable, options?: PutOptions): Promise<StoredObject>;
  /** @throws Permanent `object-not-found`, `range-not-satisfiable`; Conflict `object-changed` where `etag` is another's */
  get(key: string, options?: { range?: ByteRange; etag?: string; signal?: AbortSignal }): Promise<Readable>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Keys that start with `prefix`, in code-point order. */
  list(prefix: string, options?: { after?: string; limit?: number }): Promise<ObjectPage>;
  /** Server-side copy; a hard link to a temporary name then a rename on a filesystem. */
  copy(from: string, to: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** Deleting what is not there is no error. */
  remove(key: string): Promise<void>;
  /** Deletes all objects whose keys begin so, and answers how many. The prefix may not be empty. */
  removeUnder(prefix: string): Promise<number>;
  /** Removes what a put that died left half-sent (parts, temporary files), if it is older; `count` only answers how many. */
  removeUnfinished(request: { olderThanMs: number; mode?: 'remove' | 'count' }): Promise<number>;
  /** In drivers whose store speaks to clients itself. */
  readonly direct?: DirectUploads;
  /**
   * Where the bytes lie, in drivers that hold local files: to read from (FFmpeg, sendfile), never to write to.
   * Only a name: ask `head` whether the object is there.
   */
  localPath?(key: string): string;
}
