import type { z } from '@hono/zod-openapi';
import type { SessionView } from '#shared/accounts';
import type { session } from './schemas.ts';

export function sessionView(view: SessionView): z.infer<typeof session> {
  const { id, client, createdAt, usedAt, expiresAt } = view;
  return {
    ...{ id, client, createdAt: createdAt.toISOString() },
    ...{ usedAt: usedAt.toISOString(), expiresAt: expiresAt.toISOString() },
  };
}
