import { createHmac, timingSafeEqual } from 'node:crypto';
import { Permanent } from '#shared/errors';
import type { Clock } from '#shared/function';
import { type LinkKeys, loadLinkKeys } from './link-keys.ts';
import type { Keys } from './signing-keys.ts';

/** What a signed link allows: this request, until then. */
export interface SignedRequest {
  readonly method: 'GET' | 'PUT';
  /** The path exactly as it is requested, percent-encoded. */
  readonly path: string;
  /** Rounded down to the second. */
  readonly expiresAt: Date;
  /** PUT only: the `Content-Type` that the upload must have. */
  readonly contentType?: string;
  /** PUT only: the `Content-Length`, in bytes, that the upload must have. */
  readonly contentLength?: number;
}

/** The request that came, as far as a signature speaks of it. */
export interface IncomingRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType?: string | undefined;
  readonly contentLength?: number | undefined;
}

/** Signs requests, so that a browser (a `<video>`, a download, an upload) sends one of them without a token. */
export interface UrlSigner {
  /** Answers the path with its query. Other query parameters may be added; they are not signed. */
  sign(request: SignedRequest): Promise<string>;
  /**
   * A link signed for GET also allows HEAD.
   *
   * @throws Permanent `signature-invalid` (forged, altered, for another method, path, type or length) or
   *   `signature-expired`
   */
  verify(request: IncomingRequest): Promise<SignedRequest>;
}

/**
 * Signed links: HMAC-SHA256 over method, path, expiry and, for uploads, type and length. The key is made in the
 * folder at the first use.
 *
 * @param use a `given` key must be there, and nothing is written
 * @throws Permanent `keys-folder-unusable`, `link-key-unusable`, `key-missing`, at the first use
 */
export function createUrlSigner({
  keysFolder,
  clock,
  use = 'made',
}: {
  keysFolder: string;
  clock: Clock;
  use?: Keys;
}): UrlSigner {
  let loading: Promise<LinkKeys> | undefined;

  function keys(): Promise<LinkKeys> {
    loading ??= loadLinkKeys(keysFolder, use).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  }

  return {
    async sign({ method, path, expiresAt, contentType, contentLength }) {
      const terms: Terms = {
        expires: String(Math.floor(expiresAt.getTime() / 1_000)),
        type: contentType ?? null,
        bytes: contentLength === undefined ? null : String(contentLength),
      };
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(terms)) if (value !== null) query.set(name, value);
      query.set('signature', mac((await keys()).current, { method, path, terms }).toString('base64url'));
      return `${path}?${query}`;
    },

    async verify({ method, path, query, contentType, contentLength }) {
      const terms: Terms = {
        expires: single(query, 'expires') ?? '',
        type: single(query, 'type'),
        bytes: single(query, 'bytes'),
      };
      const signed = method === 'HEAD' ? 'GET' : method;
      if (signed !== 'GET' && signed !== 'PUT') throw invalid(`no link is signed for ${method.slice(0, 20)}`);
      const given = Buffer.from(single(query, 'signature') ?? '', 'base64url');
      const { accepted } = await keys();
      const isRight = accepted.some((key) => {
        const right = mac(key, { method: signed, path, terms });
        return given.length === right.length && timingSafeEqual(given, right);
      });
      if (!isRight) {
        throw invalid('the signature does not belong to this method, path and expiry');
      }
      const expiresAt = new Date(Number(terms.expires) * 1_000);
      if (!(clock.now() < expiresAt)) {
        throw new Permanent(
          'signature-expired',
          `This link expired at ${expiresAt.toISOString()}; ask for a new one.`,
        );
      }
      if (signed === 'PUT') matchBody(terms, { contentType, contentLength });
      return {
        method: signed,
        path,
        expiresAt,
        ...(terms.type === null ? {} : { contentType: terms.type }),
        ...(terms.bytes === null ? {} : { contentLength: Number(terms.bytes) }),
      };
    },
  };
}

interface Terms {
  readonly expires: string;
  readonly type: string | null;
  readonly bytes: string | null;
}

function mac(key: Buffer, { method, path, terms }: { method: string; path: string; terms: Terms }): Buffer {
  // As JSON the parts cannot run into each other; the first word keeps the key's other uses apart.
  const message = JSON.stringify(['millrace-url-1', method, path, terms.expires, terms.type, terms.bytes]);
  return createHmac('sha256', key).update(message).digest();
}

/** A parameter given twice could be read one way here and another way there. */
function single(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name);
  if (values.length > 1) throw invalid(`"${name}" is given twice`);
  return values[0] ?? null;
}

function matchBody(
  terms: Terms,
  body: { contentType: string | undefined; contentLength: number | undefined },
) {
  if (terms.type !== null && terms.type !== body.contentType) {
    throw invalid(`the link is for Content-Type ${terms.type}`);
  }
  if (terms.bytes !== null && Number(terms.bytes) !== body.contentLength) {
    throw invalid(`the link is for Content-Length ${terms.bytes}`);
  }
}

function invalid(why: string): Permanent {
  return new Permanent('signature-invalid', `This signed link is not valid: ${why}.`);
}
