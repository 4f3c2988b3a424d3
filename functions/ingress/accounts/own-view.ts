import type { z } from '@hono/zod-openapi';
import type { Account } from '#shared/accounts';
import type { ownAccount } from './schemas.ts';

/** Somebody's account as he himself sees it. */
export function ownView(account: Account): z.infer<typeof ownAccount> {
  const { id, handle, name, about, email, emailVerified, roles, createdAt } = account;
  const isPrivate = account.private;
  return {
    id,
    handle,
    name,
    about,
    private: isPrivate,
    email,
    emailVerified,
    roles: [...roles],
    createdAt: createdAt.toISOString(),
  };
}
