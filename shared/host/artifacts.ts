import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Permanent, Transient } from '#shared/errors';
import type { ArtifactRef } from '#shared/events';
import { reach } from '#shared/faults';
import type { Dependencies } from '#shared/function';
import type { Claim } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
/** No function makes more; a runaway encoder must not fill the disk. */
const MAX_BYTES = 20 * 2 ** 30;

export interface DeliveryArtifacts {
  readonly put: Dependencies<never>['put'];
  readonly fetch: Dependencies<never>['fetch'];
  readonly place: Dependencies<never>['place'];
  /** Bytes stored so far. */
  readonly bytesPut: () => number;
  /** Removes what this attempt stored aside; for attempts that do not commit. */
  discard(): Promise<void>;
  /** Removes what earlier attempts of this delivery left aside; for the attempt that committed. */
  discardEarlier(): Promise<void>;
}

/** The objects of one attempt: stored aside under keys that no other attempt has. */
export function deliveryArtifacts(options: {
  claim: Claim;
  store: ObjectStore;
  /** Makes the attempt's private folder, the first time, and answers its path. */
  workdir: () => string;
  signal: AbortSignal;
  onDownload?: (change: 1 | -1) => void;
}): DeliveryArtifacts {
  const { claim, store, workdir, signal, onDownload = () => undefined } = options;
  const folder = `runs/${claim.run}/${claim.id}/`;
  // Most deliveries store nothing, and a random number costs as much as the rest of what they need.
  let attempt: string | undefined;
  const ownFolder = (): string => {
    attempt ??= `${folder}${claim.fence}-${randomBytes(5).toString('hex')}/`;
    return attempt;
  };
  /**
   * Never anything of this attempt's own number: a server that crashed may have forgotten the claim and given its number
   * again, to another host, whose files stand then.
   */
  const fenceOf = (key: string): number => Number(key.slice(folder.length).split('-')[0]);
  const stored: string[] = [];
  let bytesPut = 0;

  return {
    bytesPut: () => bytesPut,
    async put(name, source) {
      checkName(name);
      const body =
        'path' in source
          ? createReadStream(source.path)
          : typeof source.bytes === 'string'
            ? Buffer.from(source.bytes, 'utf8')
            : source.bytes;
      const key = `${ownFolder()}${name}`;
      stored.push(key);
      const { bytes, type, sha256 } = await store.put(key, body, { signal, maxBytes: MAX_BYTES });
      await reach('put.stored');
      bytesPut += bytes;
      return { name, key, type, bytes, sha256 };
    },
    async fetch(artifact) {
      const here = store.localPath?.(artifact.key);
      if (here !== undefined) {
        await checkSize(here, artifact);
        return here;
      }
      onDownload(1);
      try {
        return await download(artifact, { store, workdir, signal });
      } finally {
        onDownload(-1);
      }
    },
    async place(artifact, name) {
      checkName(name);
      const key = `output/${claim.run}/${name}`;
      await store.copy(artifact.key, key, { signal });
      await reach('place.copied');
      return key;
    },
    async discard() {
      await Promise.all(stored.map((key) => store.remove(key)));
    },
    async discardEarlier() {
      if (claim.fence === '1') return;
      let after: string | undefined;
      do {
        const page = await store.list(folder, after === undefined ? {} : { after });
        for (const { key } of page.objects) if (fenceOf(key) < Number(claim.fence)) await store.remove(key);
        after = page.next;
      } while (after !== undefined);
    },
  };
}

function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new Permanent(
      'artifact-name-invalid',
      `"${name}" cannot name an artifact: letters, digits, ".", "_" and "-".`,
    );
  }
}

/**
 * S3 keeps no checksum of the whole of what came in parts: its bytes are compared with the artifact's own.
 *
 * @throws Transient `artifact-damaged`: mostly the way is to blame, and the next attempt fetches it again
 */
async function download(
  artifact: ArtifactRef,
  { store, workdir, signal }: { store: ObjectStore; workdir: () => string; signal: AbortSignal },
): Promise<string> {
  const path = join(workdir(), `fetched-${artifact.sha256.slice(0, 16)}-${basename(artifact.name)}`);
  const hash = createHash('sha256');
  const measure = new PassThrough().on('data', (chunk: Buffer) => hash.update(chunk));
  await pipeline(await store.get(artifact.key, { signal }), measure, createWriteStream(path), { signal });
  await checkSize(path, artifact);
  const sha256 = hash.digest('hex');
  if (sha256 === artifact.sha256) return path;
  throw new Transient(
    'artifact-damaged',
    `The artifact "${artifact.name}" came with other bytes than were stored: their SHA-256 is ${sha256} and should be ${artifact.sha256}. It is fetched again; if it goes on, look for a damaged disk of the store or a proxy that changes bodies.`,
  );
}

async function checkSize(path: string, artifact: ArtifactRef): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      throw new Permanent('artifact-missing', `The artifact "${artifact.name}" is no longer in the store.`);
    }
    throw error;
  });
  if (found.size !== artifact.bytes) {
    throw new Transient(
      'artifact-damaged',
      `The artifact "${artifact.name}" has ${found.size} bytes and should have ${artifact.bytes}.`,
    );
  }
}
