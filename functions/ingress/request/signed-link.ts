import { z } from '@hono/zod-openapi';

/** What a signed link says of itself; whoever asks with a token leaves it out. */
export const signedLinkQuery = z.strictObject({
  expires: z
    .string()
    .optional()
    .openapi({ description: 'Of a signed link, Unix seconds.', example: '1767326400' }),
  signature: z.string().optional().openapi({ description: 'Of a signed link.', example: 'Zk1v' }),
});
