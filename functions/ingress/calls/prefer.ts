import { z } from '@hono/zod-openapi';

/** Seconds that a request may wait for its result. */
const MOST_SECONDS = 30;

/** `Prefer: wait=N` (RFC 7240, section 4.3); what is not understood is ignored, as the RFC asks. */
export const prefer = z
  .string()
  .max(500)
  .transform((header) => {
    const wait = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(header)?.[1];
    return wait === undefined ? undefined : Math.min(MOST_SECONDS, Number(wait));
  })
  .openapi({
    type: 'string',
    description: `\`wait=N\`: wait up to N seconds, ${MOST_SECONDS} at most, for the result (RFC 7240).`,
    example: 'wait=10',
  });
