import { z } from '@hono/zod-openapi';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { ifMatch } from '../request/version-tag.ts';

/** Of whatever changes something. */
export const keyHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });

/** Of a change of what others may change too. */
export const changeHeaders = keyHeaders.extend({
  'if-match': ifMatch,
});

export const etag = { ETag: 'Of this version, for `If-Match`.' };
export const noConversation = { description: 'You take part in no such conversation.' };
export const noMessage = { description: 'There is no such message that you may see.' };
export const changedMeanwhile = {
  description: 'It was changed meanwhile: `If-Match` names another version.',
};
