import { z } from '@hono/zod-openapi';
import type { Accounts } from '#shared/accounts';
import { noneMatches, notFound } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { ifMatch, tagOf, versionsIn } from '../request/version-tag.ts';
import { defineRoute, type Route } from '../route.ts';
import { ownView } from './own-view.ts';
import { ownAccount, profile } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

const noAccount = { 404: { description: 'The token is of nobody who registered.' } } as const;
const etag = { ETag: 'Of this version, for `If-Match`.' };
const ifNoneMatch = z
  .string()
  .max(4_096)
  .optional()
  .openapi({ description: 'Answered 304 where it has not changed.', example: '"v1"' });

/** One's own account, under one path. */
export function profileRoutes(
  { send, accounts }: { send: SendCommand; accounts: Accounts },
  path: string,
  suffix = '',
): Route[] {
  const answer = async (c: HttpContext, account: string, known?: string): Promise<Response> => {
    const own = await accounts.find(account);
    if (own === undefined) throw notFound('account');
    const tag = tagOf(own.version);
    c.header('ETag', tag);
    return noneMatches(known, tag) ? c.body(null, 304) : c.json(ownView(own), 200);
  };

  const read = defineRoute({
    method: 'get',
    path,
    operationId: `readOwnAccount${suffix}`,
    tag: 'People',
    summary: 'Read your account',
    access: 'token',
    rate: 'counted',
    headers: z.object({ 'if-none-match': ifNoneMatch }),
    responses: {
      ...noAccount,
      200: { description: 'Your account.', schema: ownAccount, headers: etag },
      304: { description: 'It is what you have.' },
    },
    handle: ({ c, principal, headers }) => answer(c, principal.account, headers['if-none-match']),
  });

  const write = defineRoute({
    method: 'put',
    path,
    operationId: `updateProfile${suffix}`,
    tag: 'People',
    summary: 'Change what you are called',
    description: 'All of it is replaced, but for `private`, which stays as it is where left out.',
    access: 'token',
    rate: 'counted',
    headers: z.object({ 'if-match': ifMatch, 'idempotency-key': idempotencyKey.optional() }),
    body: profile,
    responses: {
      ...noAccount,
      200: { description: 'Your account as it is now.', schema: ownAccount, headers: etag },
      409: {
        description: 'Somebody has this handle, or the Idempotency-Key came before with another body.',
      },
      412: { description: 'It was changed meanwhile: `If-Match` names another version.' },
    },
    async handle({ c, principal, headers, body }) {
      const versions = versionsIn(headers['if-match']);
      await send({
        ...{ c, type: 'user.update', principal, reply: z.object({ version: z.int() }) },
        data: { ...body, ...(versions === undefined ? {} : { versions }) },
        idempotencyKey: headers['idempotency-key'],
      });
      return answer(c, principal.account);
    },
  });

  return [read, write];
}
