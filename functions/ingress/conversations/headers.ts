import { z } from '@hono/zod-openapi';
import { idempotencyKey } from '../request/idempotency-key.ts';

/** Of whatever changes something. */
export const keyHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });

/** Of a change of what others may change too. */
export const changeHeaders = keyHeaders.extend({
  'if-match': z
    .string()
    .max(4_096)
    .optional()
    .openapi({ description: 'The ETag that it must have; left out: any.', example: '"v1"' }),
});

export const etag = { ETag: 'Of this version, for `If-Match`.' };
export const noConversation = { description: 'You take part in no such conversation.' };
export const noMessage = { description: 'There is no such message that you may see.' };
export const changedMeanwhile = {
  description: 'It was changed meanwhile: `If-Match` names another version.',
};
