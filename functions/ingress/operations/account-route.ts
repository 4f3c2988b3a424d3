import { z } from '@hono/zod-openapi';
import { addressGroup, HttpProblem } from '#shared/http';
import { accountPassword } from '../accounts/schemas.ts';
import { createSendCommand } from '../accounts/send-command.ts';
import type { People } from '../environment.ts';
import { defineRoute, type Route } from '../route.ts';

/** Asks for an account's data to be erased: it begins at once and goes on until nothing is left. */
export type EraseAccount = (request: { account: string; by: string }) => Promise<{ requestedAt: Date }>;

/** @param options `people`: given, somebody who registered loses his account with it, for its password */
export function eraseAccountRoute({
  erase,
  people,
}: {
  erase: EraseAccount;
  people: Pick<People, 'accounts' | 'commands'> | undefined;
}): Route {
  const send = people === undefined ? undefined : createSendCommand(people);
  return defineRoute({
    method: 'delete',
    path: '/api/account',
    operationId: 'eraseAccount',
    tag: 'Operations',
    summary: 'Erase all data of your account',
    description:
      'Every run with its events, artifacts and products. Runs that go on are cancelled. Somebody who registered sends his password: the account itself goes too, as with `DELETE /users/me`. It cannot be undone; it begins at once and takes a while.',
    access: 'token',
    rate: 'counted',
    body: accountPassword.optional(),
    responses: {
      202: {
        description: 'It has begun.',
        schema: z
          .object({ account: z.string(), requestedAt: z.iso.datetime() })
          .openapi('Erasure', { example: { account: 'alice', requestedAt: '2026-01-02T03:04:05.678Z' } }),
      },
      403: { description: 'The account has a password, and this is not it, or it is missing.' },
      404: { description: 'The account is gone already.' },
      429: {
        description: 'Too many wrong passwords, or too many requests from this address.',
        headers: { 'Retry-After': 'Seconds to wait.' },
      },
    },
    async handle({ c, principal, body }) {
      const { account, sub: by } = principal;
      const registered = await people?.accounts.find(account);
      if (send !== undefined && registered !== undefined) {
        if (body === undefined) throw passwordNeeded();
        const data = { ...body, address: addressGroup(c.get('address')) };
        await send({ c, type: 'user.delete', data, principal, reply: z.undefined() });
      }
      const { requestedAt } = await erase({ account, by });
      return c.json({ account, requestedAt: requestedAt.toISOString() }, 202);
    },
  });
}

/** A token that was stolen does not suffice. */
function passwordNeeded(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'password-needed',
    detail: 'Your account goes with it: send its password.',
    errors: [{ field: 'password', message: 'Send it.' }],
  });
}
