import { z } from '@hono/zod-openapi';
import type { Ledger } from '#shared/ledger';
import type { ObjectStore } from '#shared/storage';
import type { ResponseDescription } from '../openapi/describe-route.ts';
import { signedLinkQuery } from '../request/signed-link.ts';

export interface DownloadOptions {
  readonly ledger: Ledger;
  readonly artifacts: ObjectStore;
}

export const downloadQuery = z.strictObject({
  ...signedLinkQuery.shape,
  download: z
    .literal(['1', 'true'])
    .optional()
    .openapi({ description: 'Browsers save the file in place of showing it.' }),
});

export const downloadHeaders = z.object({
  range: z
    .string()
    .optional()
    .openapi({ description: 'One byte range (RFC 9110).', example: 'bytes=0-1023' }),
  'if-none-match': z
    .string()
    .optional()
    .openapi({ description: 'Entity tags that the reader has.', example: '"abc"' }),
  'if-range': z
    .string()
    .optional()
    .openapi({ description: 'The range is meant only for this entity tag.', example: '"abc"' }),
});

const bytesHeaders = {
  ETag: 'The SHA-256 of the whole, in hex.',
  'Accept-Ranges': '`bytes`',
  'Content-Disposition': 'The file name.',
};

export const artifactResponses: Readonly<Record<number, ResponseDescription>> = {
  200: { description: 'The bytes.', type: '*/*', headers: bytesHeaders },
  206: {
    description: 'The bytes of the range.',
    type: '*/*',
    headers: { ...bytesHeaders, 'Content-Range': 'Which bytes of how many.' },
  },
  304: { description: 'The reader has them.' },
  404: { description: 'There is no such artifact, or it is not yours.' },
  416: {
    description: 'The range begins behind the end.',
    headers: { 'Content-Range': 'How many bytes there are.' },
  },
};
