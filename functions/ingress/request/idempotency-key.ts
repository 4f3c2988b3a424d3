import { z } from '@hono/zod-openapi';

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a string in quotes; one without them is taken too,
 * because most clients send it so.
 */
export const idempotencyKey = z
  .string()
  .regex(
    /^(?:"[\x20\x21\x23-\x5b\x5d-\x7e]{1,200}"|[\x21\x23-\x7e]{1,200})$/,
    'Send 1 to 200 printable ASCII characters.',
  )
  .transform((header) => header.replace(/^"(.*)"$/, '$1'))
  .openapi({
    type: 'string',
    description:
      'The same key with the same request has one effect and one answer, however often it is sent; with another request it is 409.',
    example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
  });
