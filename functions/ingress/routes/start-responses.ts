import { z } from '@hono/zod-openapi';
import type { ResponseDescription } from '../openapi/describe-route.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';

/** The header of every route that starts something. */
export const withIdempotencyKey = z.object({ 'idempotency-key': idempotencyKey.optional() });

/** What a route that starts a pipeline answers. */
export function startResponses(schema: z.ZodType): Record<number, ResponseDescription> {
  return {
    202: {
      description: 'Accepted; the pipeline as it is now.',
      schema,
      headers: {
        Location: 'Where the pipeline is read.',
        'Idempotency-Replayed': '`true` where this key had started the pipeline before.',
      },
    },
    409: { description: 'The Idempotency-Key came before with another body.' },
  };
}
