import { z } from '@hono/zod-openapi';

export const cursor = z
  .string()
  .regex(/^\d{0,18}$/, 'Give a cursor back as it came with what you heard last.')
  .openapi({
    description: 'Of what was heard last; what came after it is told first. Empty, or left out: from now on.',
    example: '42',
  });

export const ticket = z
  .string()
  .max(100)
  .openapi({
    description: 'From `POST /api/v1/stream/tickets`: in place of a token, once.',
    example: `mrt_${'A'.repeat(43)}`,
  });

export const streamTicket = z
  .object({
    ticket: z.string(),
    expiresIn: z.int().openapi({ description: 'Seconds that it is good for.' }),
  })
  .openapi('StreamTicket', { example: { ticket: `mrt_${'A'.repeat(43)}`, expiresIn: 30 } });
