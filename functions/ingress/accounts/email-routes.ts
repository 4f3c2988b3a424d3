import { z } from '@hono/zod-openapi';
import { addressGroup } from '#shared/http';
import { defineRoute, type Route } from '../route.ts';
import { keyHeader, keyReused, notRegistered, tooMany } from './guarded.ts';
import { mailedToken, newEmail } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

/** That somebody reads what is mailed to him, and to which address that is. */
export function emailRoutes({ send }: { send: SendCommand }): Route[] {
  const verify = defineRoute({
    method: 'post',
    path: '/auth/verify-email',
    operationId: 'verifyEmail',
    tag: 'People',
    summary: 'Confirm an e-mail address',
    description:
      'With the token of the link that was mailed there when the account was made, or when another address was asked for. It is good once, for three days.',
    access: 'public',
    rate: 'counted',
    headers: keyHeader,
    body: mailedToken,
    responses: {
      204: { description: 'It is the address of the account.' },
      400: { description: 'A field is wrong, or the token was used, has expired, or is none of ours.' },
      409: { description: 'Somebody else has this address meanwhile, or the Idempotency-Key came before.' },
    },
    async handle({ c, body, headers }) {
      await send({
        ...{ c, type: 'email.verify', data: body, reply: z.undefined() },
        ...{ idempotencyKey: headers['idempotency-key'], keyOf: body.token },
      });
      return c.body(null, 204);
    },
  });

  const request = defineRoute({
    method: 'post',
    path: '/auth/verify-email/request',
    operationId: 'requestEmailVerification',
    tag: 'People',
    summary: 'Have the link mailed again',
    access: 'token',
    rate: 'counted',
    headers: keyHeader,
    responses: {
      202: { description: 'A mail is on its way, unless the address is confirmed already.' },
      404: notRegistered,
      409: keyReused,
      429: tooMany('mails were asked for'),
    },
    async handle({ c, principal, headers }) {
      const data = { address: addressGroup(c.get('address')) };
      await send({
        ...{ c, type: 'email.request-verification', data, principal, reply: z.undefined() },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.body(null, 202);
    },
  });

  const change = defineRoute({
    method: 'put',
    path: '/users/me/email',
    operationId: 'changeEmail',
    tag: 'People',
    summary: 'Change your e-mail address',
    description:
      'The new address is asked first: the old one stays until the link that is mailed to the new one was followed. The old one is told of it then.',
    access: 'token',
    rate: 'counted',
    headers: keyHeader,
    body: newEmail,
    responses: {
      202: { description: 'A mail to the new address is on its way.' },
      403: { description: 'This is not the password.' },
      404: notRegistered,
      409: keyReused,
      429: tooMany('wrong passwords, too many mails'),
    },
    async handle({ c, principal, headers, body }) {
      const data = { ...body, address: addressGroup(c.get('address')) };
      await send({
        ...{ c, type: 'email.change', data, principal, reply: z.undefined() },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.body(null, 202);
    },
  });

  return [verify, request, change];
}
