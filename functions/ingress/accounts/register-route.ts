import { z } from '@hono/zod-openapi';
import type { Accounts } from '#shared/accounts';
import { notFound } from '#shared/http';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route } from '../route.ts';
import { tooMany } from './command-route.ts';
import { ownView } from './own-view.ts';
import { ownAccount, registration } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

export function registerRoute(
  { send, accounts }: { send: SendCommand; accounts: Accounts },
  path: string,
  operationId: string,
): Route {
  return defineRoute({
    method: 'post',
    path,
    operationId,
    tag: 'People',
    summary: 'Make an account',
    description: 'Sign in with it afterwards.',
    access: 'public',
    rate: 'counted',
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    body: registration,
    responses: {
      201: {
        description: 'The account.',
        schema: ownAccount,
        headers: { 'Idempotency-Replayed': '`true` where this key had made it before.' },
      },
      409: {
        description:
          'Somebody has this e-mail address or this handle, or the Idempotency-Key came before with another body.',
      },
      429: tooMany('accounts were made with this e-mail address'),
    },
    async handle({ c, body, headers }) {
      const { user } = await send({
        ...{ c, type: 'user.register', data: body, reply: z.object({ user: z.string() }) },
        idempotencyKey: headers['idempotency-key'],
        keyOf: body.email,
      });
      const made = await accounts.find(user);
      // Made by an earlier request with this key, and gone since.
      if (made === undefined) throw notFound('account');
      return c.json(ownView(made), 201);
    },
  });
}
