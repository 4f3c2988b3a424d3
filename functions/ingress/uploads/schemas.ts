import { z } from '@hono/zod-openapi';

const ID = '0193b3f0-4d5e-8000-a000-000000000000';
const self = `/api/v1/uploads/${ID}`;

export const uploadId = z.string().openapi({ description: 'Id of an upload of yours.', example: ID });

export const uploadPart = z.coerce
  .number()
  .int()
  .min(1)
  .max(10_000)
  .openapi({ description: 'Number of a part, from 1.', example: 1 });

export const fileName = z.string().min(1).max(150).openapi({
  description:
    'With its extension, which says what it is: md, json, png, jpg, webp, wav, mp3, m4a, ogg, flac, mp4, mov, webm, ics.',
  example: 'hearts.md',
});

export const uploadRequest = z
  .strictObject({
    name: fileName,
    bytes: z
      .int()
      .min(1)
      .max(2 ** 31)
      .optional()
      .openapi({ description: 'Exactly so many must come.' }),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'the SHA-256 of the bytes in lower-case hex')
      .optional()
      .openapi({ description: 'Of the bytes, in lower-case hex; others are refused.' }),
  })
  .openapi('UploadRequest', { example: { name: 'hearts.md', bytes: 1_204 } });

/** Where and how to send the bytes. */
export const uploadGrant = z
  .object({
    id: z.uuid(),
    method: z.enum(['put', 'multipart']).openapi({
      description:
        '`put`: the bytes in one PUT to `url`. `multipart` (large files of known size): each of `parts` with a PUT to its url, in any order, several at once. Urls may be of another server, and relative to this one.',
    }),
    url: z.string().optional().openapi({ description: 'Signed; needs no token.' }),
    parts: z
      .array(
        z.object({
          number: z.int(),
          bytes: z.int().openapi({ description: 'Exactly so many belong to this part.' }),
          url: z.string().openapi({ description: 'Signed; needs no token.' }),
          sent: z.boolean().openapi({ description: 'It has come whole; it may be sent again.' }),
        }),
      )
      .optional(),
    headers: z.record(z.string(), z.string()).openapi({ description: 'To send along with the bytes.' }),
    complete: z
      .string()
      .openapi({ description: 'POST here when the bytes are sent; nothing is visible before.' }),
    abort: z.string().openapi({ description: 'DELETE this to give up.' }),
    expiresAt: z.iso.datetime(),
  })
  .openapi('UploadGrant', {
    example: {
      id: ID,
      method: 'put',
      url: `${self}/bytes?expires=1767326400&signature=Zk1v`,
      headers: { 'Content-Type': 'text/markdown' },
      complete: `${self}/complete`,
      abort: self,
      expiresAt: '2026-01-02T04:04:05.678Z',
    },
  });

export const upload = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.string(),
    status: z.enum(['open', 'received', 'completed']),
    bytes: z.int().optional(),
    sha256: z.string().optional(),
    expiresAt: z.iso.datetime(),
    grant: uploadGrant
      .optional()
      .openapi({ description: 'While it is open: how to send what is still missing, with fresh urls.' }),
    links: z.object({
      self: z.string().openapi({ description: 'Name it in calls such as /videos/assemble.' }),
      pipeline: z.string().optional().openapi({ description: 'The video that a script became.' }),
    }),
  })
  .openapi('Upload', {
    example: {
      id: ID,
      name: 'hearts.md',
      type: 'text/markdown',
      status: 'completed',
      bytes: 1_204,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      expiresAt: '2026-01-09T03:04:05.678Z',
      links: { self, pipeline: '/api/pipelines/0193b3f0-4d5e-8000-a000-000000000000' },
    },
  });
