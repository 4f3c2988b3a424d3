import type { z } from '@hono/zod-openapi';
import type { UrlSigner } from '#shared/auth';
import type { Inbox, Upload } from '#shared/inbox';
import { asProblem } from './receive.ts';
import type { uploadGrant } from './schemas.ts';

export const pathOf = (id: string): string => `/api/v1/uploads/${id}`;

/** Where and how to send the bytes of an open upload: to the store, or by links of ours. */
export async function grantView(request: {
  inbox: Inbox;
  signer: UrlSigner;
  opened: Upload;
}): Promise<z.infer<typeof uploadGrant>> {
  const { inbox, signer, opened } = request;
  const self = pathOf(opened.id);
  const expiresAt = new Date(opened.expiresAt);
  const ours = (path: string): Promise<string> =>
    signer.sign({ method: 'PUT', path: `${self}/${path}`, expiresAt });
  const grant = await asProblem(inbox.grant(opened));
  const where =
    grant.method === 'put'
      ? { url: grant.url ?? (await ours('bytes')) }
      : {
          parts: await Promise.all(
            grant.parts.map(async ({ number, bytes, url, isSent }) => ({
              number,
              bytes,
              url: url ?? (await ours(`parts/${number}`)),
              sent: isSent,
            })),
          ),
        };
  return {
    id: opened.id,
    method: grant.method,
    ...where,
    headers: grant.headers,
    complete: `${self}/complete`,
    abort: self,
    expiresAt: opened.expiresAt,
  };
}
