import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { MillraceError, Permanent } from '#shared/errors';
import { eventCatalogue } from '#shared/events';
import { reach } from '#shared/faults';
import { type Ledger, runIdFor } from '#shared/ledger';
import type { ObjectInfo, ObjectStore } from '#shared/storage';
import { HEAD_BYTES, kindOf } from './kinds.ts';
import type { Match } from './template.ts';

export type Noticed =
  | { readonly kind: 'started' | 'known'; readonly run: string }
  /** No template takes it, or it went away meanwhile. */
  | { readonly kind: 'nothing' }
  /** It is changing: look again later. */
  | { readonly kind: 'unsettled' };

export interface NoticeOptions {
  readonly bucket: string;
  readonly store: ObjectStore;
  /** The artifacts bucket: the input of a run is copied there. */
  readonly artifacts: ObjectStore;
  readonly ledger: Pick<Ledger, 'publish'>;
  readonly pool: Pool;
  readonly match: (key: string) => Match | undefined;
  /** Whose an object is that is nobody's by its key. */
  readonly account: string;
  readonly owners: InboxOwners;
}

/**
 * `prefix`: `{owner}` of the key's template is the owner, because nobody else can write there (the folder of this
 * machine, a bucket whose policy sees to it). `configured`: keys are the sender's choice, so all is the account's.
 */
export type InboxOwners = 'prefix' | 'configured';

/** A file that an upload's grant made somebody's, and that only we could write. */
export interface Granted {
  readonly owner: string;
  /** Where its bytes lie. */
  readonly at: string;
}

/** What an artifact's name may have. */
const MOST_NAME_LENGTH = 200;

/** An object that nobody has noticed, as it was read. */
interface New {
  readonly kind: 'new';
  readonly match: Match;
  readonly bytes: Buffer;
  readonly type: string;
  /** SHA-256 of the bytes. */
  readonly version: string;
}

export interface Notice {
  /** Looks, and does nothing. @throws Permanent why it cannot be taken */
  inspect(key: string, granted?: Granted): Promise<Noticed | New>;
  /**
   * The object becomes a run. The run's id is made of owner, key and SHA-256, so that a file that is noticed twice or
   * three ways is one run; the row of `ledger.noticed` remembers it for as long as the file is there, whatever becomes of
   * the run.
   *
   * @throws Permanent why it cannot be taken
   */
  take(key: string, granted?: Granted): Promise<Noticed>;
}

export function createNotice(options: NoticeOptions): Notice {
  const { bucket, store, artifacts, ledger, pool, match, account, owners } = options;

  async function inspect(key: string, granted?: Granted): Promise<Noticed | New> {
    const at = granted?.at ?? key;
    const found = match(key);
    const before = found === undefined ? undefined : await store.head(at);
    if (found === undefined || before === undefined) return { kind: 'nothing' };
    const kind = kindOf(found.name);
    if (found.name.length > MOST_NAME_LENGTH) {
      throw new Permanent(
        'file-name-too-long',
        `Its name has ${found.name.length} characters; ${MOST_NAME_LENGTH} are the most.`,
      );
    }
    if (before.bytes > kind.maxBytes) {
      throw new Permanent('file-too-large', `It has ${before.bytes} bytes; ${kind.maxBytes} are the most.`);
    }
    const bytes = await readAs(store, before, kind.maxBytes);
    if (bytes === undefined) return { kind: 'unsettled' };
    const after = await store.head(at);
    if (after === undefined) return { kind: 'nothing' };
    const isWhole = bytes.length === after.bytes && after.bytes === before.bytes;
    if (!isWhole || after.modifiedAt.getTime() !== before.modifiedAt.getTime()) return { kind: 'unsettled' };
    const version = createHash('sha256').update(bytes).digest('hex');
    const known = granted === undefined ? await rememberedRun({ pool, bucket, key, version }) : undefined;
    if (known !== undefined) return { kind: 'known', run: known };
    if (!kind.looksRight(bytes.subarray(0, HEAD_BYTES))) {
      throw new Permanent('file-not-what-it-says', `Its bytes are no ${kind.type}, which its name says.`);
    }
    return { kind: 'new', match: found, bytes, type: kind.type, version };
  }

  async function begin(key: string, seen: New, granted?: Granted): Promise<Noticed> {
    const { match: found, bytes, type, version } = seen;
    const owner = granted?.owner ?? (owners === 'prefix' ? found.owner : undefined) ?? account;
    const run = runIdFor({ owner, operation: `inbox ${bucket}`, key: `${key}\n${version}` });
    const copy = `runs/${run}/input/${version.slice(0, 16)}/${found.name}`;
    await artifacts.put(copy, bytes, { type });
    await reach('notice.copied');
    const artifact = { name: found.name, key: copy, type, bytes: bytes.length, sha256: version };
    const { created } = await ledger.publish({
      run: { id: run, flow: 'dropped-video', owner, title: titleOf(found.name), labels: {} },
      event: {
        type: found.type,
        data: eventCatalogue['script.uploaded'].data.parse({ path: key, artifact }),
      },
      idempotency: { key: `${bucket}/${key}`, requestHash: version },
    });
    await reach('notice.published');
    // What a grant made somebody's lies where nobody sees it: it is completed once, and never found.
    if (granted !== undefined) return { kind: created ? 'started' : 'known', run };
    await pool.query(
      'insert into ledger.noticed (bucket, key, version, run) values ($1, $2, $3, $4) on conflict do nothing',
      [bucket, key, version, run],
    );
    return { kind: created ? 'started' : 'known', run };
  }

  return {
    inspect,
    async take(key, granted) {
      const seen = await inspect(key, granted);
      return seen.kind === 'new' ? begin(key, seen, granted) : seen;
    },
  };
}

/** The bytes of an object as it was seen; undefined where another took its place, or it has grown past the limit. */
async function readAs(
  store: ObjectStore,
  { key, etag }: ObjectInfo,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of await store.get(key, etag === undefined ? {} : { etag })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxBytes) return undefined;
    }
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object-changed') return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}

async function rememberedRun(request: {
  pool: Pool;
  bucket: string;
  key: string;
  version: string;
}): Promise<string | undefined> {
  const { pool, bucket, key, version } = request;
  const { rows } = await pool.query<{ run: string }>(
    'select run from ledger.noticed where bucket = $1 and key = $2 and version = $3',
    [bucket, key, version],
  );
  return rows[0]?.run;
}

/** `three-hearts.md` reads "three hearts". */
function titleOf(name: string): string {
  const words = name
    .replace(/\.[^.]*$/, '')
    .replace(/[-_\s]+/g, ' ')
    .trim();
  return words.slice(0, 100).toWellFormed() || 'Script';
}
