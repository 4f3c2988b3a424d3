import { z } from '@hono/zod-openapi';
import { idempotencyKey } from '../request/idempotency-key.ts';

/** What routes that ask for a password, or that mail something, have in common. */
export const keyHeader = z.object({ 'idempotency-key': idempotencyKey.optional() });

export const keyReused = { description: 'The Idempotency-Key came before with another body.' };

export const tooMany = (what: string) => ({
  description: `Too many ${what}, or too many requests from this address.`,
  headers: { 'Retry-After': 'Seconds to wait.' },
});

export const notRegistered = { description: 'The token is of nobody who registered.' };
