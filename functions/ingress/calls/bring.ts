import { createHash } from 'node:crypto';
import type { ArtifactRef } from '#shared/events';
import { HttpProblem } from '#shared/http';
import type { Ledger } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import { latestArtifacts } from '../pipelines/artifact-view.ts';

/** A finished upload of an account, as far as a run copies it. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Streams it to a key of the artifacts bucket. */
  copyTo(key: string): Promise<void>;
}

/** Finds a finished upload of an account. */
export type FindUpload = (request: { id: string; account: string }) => Promise<UploadedFile | undefined>;

/**
 * Copies what a path names into a run: what becomes of the original afterwards changes nothing for the run.
 *
 * @throws HttpProblem 400 `reference-unknown`, the same for what is missing and what somebody else owns
 */
export function createBring({
  ledger,
  artifacts,
  findUpload,
}: {
  ledger: Ledger;
  artifacts: ObjectStore;
  findUpload: FindUpload;
}) {
  return async (request: {
    run: string;
    account: string;
    path: string;
    field: string;
  }): Promise<ArtifactRef> => {
    const { run, account, path, field } = request;
    const found = (await ofUpload(path, account)) ?? (await ofArtifact(path, account));
    if (found === undefined) throw unknown(field, path);
    // Two files of one name are two inputs.
    const folder = createHash('sha256').update(path).update(found.sha256).digest('hex').slice(0, 16);
    const key = `runs/${run}/input/${folder}/${found.name}`;
    await found.copyTo(key);
    const { name, type, bytes, sha256 } = found;
    return { name, key, type, bytes, sha256 };
  };

  async function ofUpload(path: string, account: string): Promise<UploadedFile | undefined> {
    const id = /^\/api\/v1\/uploads\/([0-9a-f-]{36})$/.exec(path)?.[1];
    return id === undefined ? undefined : await findUpload({ id, account });
  }

  async function ofArtifact(path: string, account: string): Promise<UploadedFile | undefined> {
    const [, id = '', first = '', second] =
      /^\/api\/pipelines\/([0-9a-f-]{36})\/artifacts\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const run = id === '' ? undefined : await ledger.getRun(id);
    if (run === undefined || run.owner !== account) return undefined;
    const [part, name] = (second === undefined ? [undefined, first] : [first, second]).map(decoded);
    const made = latestArtifacts(await ledger.artifactsOf(run.id));
    const artifact = made.find((one) => one.name === name && one.part === part);
    if (artifact === undefined) return undefined;
    return { ...artifact, copyTo: (key) => artifacts.copy(artifact.key, key) };
  }
}

function decoded(segment: string | undefined): string | undefined {
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function unknown(field: string, path: string): HttpProblem {
  const message = `There is nothing of yours at ${JSON.stringify(path)}; name an artifact or a completed upload.`;
  return new HttpProblem({
    status: 400,
    code: 'reference-unknown',
    detail: message,
    errors: [{ field, message }],
  });
}
