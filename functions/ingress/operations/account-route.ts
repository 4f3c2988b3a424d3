import { z } from '@hono/zod-openapi';
import { defineRoute, type Route } from '../route.ts';

/** Asks for an account's data to be erased: it begins at once and goes on until nothing is left. */
export type EraseAccount = (request: { account: string; by: string }) => Promise<{ requestedAt: Date }>;

export function eraseAccountRoute({ erase }: { erase: EraseAccount }): Route {
  return defineRoute({
    method: 'delete',
    path: '/api/account',
    operationId: 'eraseAccount',
    tag: 'Operations',
    summary: 'Erase all data of your account',
    description:
      'Every run with its events, artifacts and products. Runs that go on are cancelled. It cannot be undone; it begins at once and takes a while.',
    access: 'token',
    rate: 'counted',
    responses: {
      202: {
        description: 'It has begun.',
        schema: z
          .object({ account: z.string(), requestedAt: z.iso.datetime() })
          .openapi('Erasure', { example: { account: 'alice', requestedAt: '2026-01-02T03:04:05.678Z' } }),
      },
    },
    async handle({ c, principal }) {
      const { account, sub: by } = principal;
      const { requestedAt } = await erase({ account, by });
      return c.json({ account, requestedAt: requestedAt.toISOString() }, 202);
    },
  });
}
