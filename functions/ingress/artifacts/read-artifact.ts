import { Readable } from 'node:stream';
import type { Principal } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import { HttpProblem, noneMatches, notFound, parseRange, quote, USER_BYTES_POLICY } from '#shared/http';
import type { ArtifactView } from '#shared/ledger';
import type { HttpContext } from '../environment.ts';
import { latestArtifacts } from '../pipelines/artifact-view.ts';
import type { DownloadOptions } from './download.ts';

interface ReadArtifact extends DownloadOptions {
  readonly c: HttpContext;
  /** Absent when a signed link opened the door. */
  readonly principal: Principal | undefined;
  readonly id: string;
  readonly part: string | undefined;
  readonly name: string;
  readonly query: { readonly download?: string | undefined };
  readonly headers: {
    readonly range?: string | undefined;
    readonly 'if-none-match'?: string | undefined;
    readonly 'if-range'?: string | undefined;
  };
}

/** Answers an artifact's bytes: whole, a range, or nothing where the reader has them (RFC 9110). */
export async function readArtifact(request: ReadArtifact): Promise<Response> {
  const { c, headers } = request;
  const artifact = await find(request);
  const { bytes, sha256, type, name, key } = artifact;
  const etag = `"${sha256}"`;
  const about = {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=300',
    'Content-Security-Policy': USER_BYTES_POLICY,
    'Content-Disposition': disposition(name, request.query.download === undefined ? 'inline' : 'attachment'),
    // A signed link may be shown on another site; whoever has it may read the bytes anyway.
    ...(request.principal === undefined ? { 'Cross-Origin-Resource-Policy': 'cross-origin' } : {}),
  };
  if (noneMatches(headers['if-none-match'], etag)) return c.body(null, 304, about);

  const sameAsBefore = headers['if-range'] === undefined || headers['if-range'].trim() === etag;
  const range = parseRange(sameAsBefore ? headers.range : undefined, bytes);
  if (range.kind === 'unsatisfiable') throw unsatisfiable(bytes);
  const { start, end } = range.kind === 'part' ? range : { start: 0, end: bytes };
  const lengths = { 'Content-Type': type, 'Content-Length': String(end - start) };
  const position = range.kind === 'part' ? { 'Content-Range': `bytes ${start}-${end - 1}/${bytes}` } : {};
  const status = range.kind === 'part' ? 206 : 200;
  const answer = { ...about, ...lengths, ...position };
  if (c.req.method === 'HEAD' || end === start) return c.body(null, status, answer);
  return c.body(await open(request, key, { start, end }), status, answer);
}

async function find({ ledger, principal, id, part, name }: ReadArtifact): Promise<ArtifactView> {
  const missing = notFound(
    `artifact ${quote(part === undefined ? name : `${part}/${name}`)} in this pipeline`,
  );
  const run = await ledger.getRun(id);
  // A signature stands for the owner's word, for this path alone.
  if (run === undefined || (principal !== undefined && run.owner !== principal.account)) throw missing;
  const all = latestArtifacts(await ledger.artifactsOf(run.id));
  const found = all.find((artifact) => artifact.name === name && artifact.part === part);
  if (found === undefined) throw missing;
  return found;
}

async function open(
  { artifacts, c, name }: ReadArtifact,
  key: string,
  range: { start: number; end: number },
): Promise<ReadableStream> {
  try {
    const bytes = await artifacts.get(key, { range, signal: c.req.raw.signal });
    return Readable.toWeb(Readable.from(guarded(bytes, c))) as ReadableStream;
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'object-not-found')
      throw notFound(`artifact ${quote(name)}`);
    throw error;
  }
}

/** A server puts the words of a failed body on the wire: those of a disk or a store stay in the log. */
async function* guarded(bytes: Readable, c: HttpContext): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    if (!c.req.raw.signal.aborted) c.get('log').error({ error }, 'an artifact could not be read to its end');
    throw new Error('The artifact could not be read to its end.');
  }
}

/** RFC 6266: a plain name for old readers, the exact one for the others. */
function disposition(name: string, kind: 'inline' | 'attachment'): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}

function unsatisfiable(bytes: number): HttpProblem {
  return new HttpProblem({
    status: 416,
    code: 'range-unsatisfiable',
    detail: `The range begins behind the end; there are ${bytes} bytes.`,
    errors: [{ field: 'header.range', message: `There are ${bytes} bytes.`, limit: bytes }],
    headers: { 'Content-Range': `bytes */${bytes}` },
  });
}
