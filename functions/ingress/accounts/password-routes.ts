import { z } from '@hono/zod-openapi';
import { addressGroup } from '#shared/http';
import { defineRoute, type Route } from '../route.ts';
import { keyHeader, keyReused, notRegistered, tooMany } from './guarded.ts';
import { emailAlone, newPasswordForOld, newPasswordForToken } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

/** Another password, for who knows the one before and for who forgot it. */
export function passwordRoutes({ send }: { send: SendCommand }): Route[] {
  const forgot = defineRoute({
    method: 'post',
    path: '/auth/password/forgot',
    operationId: 'requestPasswordReset',
    tag: 'People',
    summary: 'Have a link mailed that sets a new password',
    description: 'The answer is the same, and takes as long, for addresses that nobody has.',
    access: 'public',
    rate: 'counted',
    headers: keyHeader,
    body: emailAlone,
    responses: {
      202: { description: 'If somebody has this address, a mail is on its way.' },
      409: keyReused,
      429: tooMany('mails were asked for'),
    },
    async handle({ c, body, headers }) {
      const data = { ...body, address: addressGroup(c.get('address')) };
      await send({
        ...{ c, type: 'password.request-reset', data, reply: z.undefined() },
        ...{ idempotencyKey: headers['idempotency-key'], keyOf: body.email },
      });
      return c.body(null, 202);
    },
  });

  const reset = defineRoute({
    method: 'post',
    path: '/auth/password/reset',
    operationId: 'resetPassword',
    tag: 'People',
    summary: 'Set a new password with the token that was mailed',
    description: 'It is good once, for an hour. Every session of the account ends.',
    access: 'public',
    rate: 'counted',
    headers: keyHeader,
    body: newPasswordForToken,
    responses: {
      204: { description: 'Sign in with it.' },
      400: { description: 'A field is wrong, or the token was used, has expired, or is none of ours.' },
      409: keyReused,
    },
    async handle({ c, body, headers }) {
      await send({
        ...{ c, type: 'password.reset', data: body, reply: z.undefined() },
        ...{ idempotencyKey: headers['idempotency-key'], keyOf: body.token },
      });
      return c.body(null, 204);
    },
  });

  const change = defineRoute({
    method: 'put',
    path: '/users/me/password',
    operationId: 'changePassword',
    tag: 'People',
    summary: 'Change your password',
    description: 'Every other session ends; you are told of it by mail.',
    access: 'token',
    rate: 'counted',
    headers: keyHeader,
    body: newPasswordForOld,
    responses: {
      204: { description: 'It is changed.' },
      403: { description: 'This is not the password that you have.' },
      404: notRegistered,
      409: keyReused,
      429: tooMany('wrong passwords'),
    },
    async handle({ c, principal, headers, body }) {
      const { session } = principal;
      const address = addressGroup(c.get('address'));
      const data = { ...body, address, ...(session === undefined ? {} : { session }) };
      await send({
        ...{ c, type: 'password.change', data, principal, reply: z.undefined() },
        idempotencyKey: headers['idempotency-key'],
      });
      return c.body(null, 204);
    },
  });

  return [forgot, reset, change];
}
