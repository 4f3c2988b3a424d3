import { z } from '@hono/zod-openapi';
import { addressGroup } from '#shared/http';
import type { EraseAccount } from '../operations/account-route.ts';
import { defineRoute, type Route } from '../route.ts';
import { accountPassword } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

export function deleteAccountRoute(
  { send, erase }: { send: SendCommand; erase: EraseAccount },
  path: string,
  operationId: string,
): Route {
  return defineRoute({
    method: 'delete',
    path,
    operationId,
    tag: 'People',
    summary: 'Delete your account',
    description:
      'The account, its sessions and all that it made; take your data first (`GET /users/me/export`). It cannot be undone.',
    access: 'token',
    rate: 'counted',
    body: accountPassword,
    responses: {
      202: { description: 'The account is gone; what it made is being erased.' },
      429: {
        description: 'Too many wrong passwords, or too many requests from this address.',
        headers: { 'Retry-After': 'Seconds to wait.' },
      },
      403: { description: 'This is not the password.' },
      404: { description: 'The token is of nobody who registered.' },
    },
    async handle({ c, principal, body }) {
      const data = { ...body, address: addressGroup(c.get('address')) };
      await send({ c, type: 'user.delete', data, principal, reply: z.undefined() });
      // It stands in the ledger already; this begins with it at once.
      await erase({ account: principal.account, by: principal.sub });
      return c.body(null, 202);
    },
  });
}
