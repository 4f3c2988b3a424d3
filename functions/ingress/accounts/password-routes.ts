import type { Route } from '../route.ts';
import { commandRoute, notRegistered, tooMany } from './command-route.ts';
import { emailAlone, newPasswordForOld, newPasswordForToken } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

/** Another password, for who knows the one before and for who forgot it. */
export function passwordRoutes({ send }: { send: SendCommand }): Route[] {
  return [
    commandRoute(send, {
      method: 'post',
      path: '/auth/password/forgot',
      operationId: 'requestPasswordReset',
      summary: 'Have a link mailed that sets a new password',
      description: 'The answer is the same, and takes as long, for addresses that nobody has.',
      access: 'public',
      body: emailAlone,
      type: 'password.request-reset',
      data: ({ body, address }) => ({ ...body, address }),
      keyOf: ({ email }) => email,
      done: { status: 202, description: 'If somebody has this address, a mail is on its way.' },
      responses: { 429: tooMany('mails were asked for') },
    }),
    commandRoute(send, {
      method: 'post',
      path: '/auth/password/reset',
      operationId: 'resetPassword',
      summary: 'Set a new password with the token that was mailed',
      description: 'It is good once, for an hour. Every session of the account ends.',
      access: 'public',
      body: newPasswordForToken,
      type: 'password.reset',
      data: ({ body }) => body,
      keyOf: ({ token }) => token,
      done: { status: 204, description: 'Sign in with it.' },
      responses: {
        400: { description: 'A field is wrong, or the token was used, has expired, or is none of ours.' },
      },
    }),
    commandRoute(send, {
      method: 'put',
      path: '/users/me/password',
      operationId: 'changePassword',
      summary: 'Change your password',
      description: 'Every other session ends; you are told of it by mail.',
      access: 'token',
      body: newPasswordForOld,
      type: 'password.change',
      data: ({ body, principal, address }) => ({ ...body, address, session: principal?.session }),
      done: { status: 204, description: 'It is changed.' },
      responses: {
        403: { description: 'This is not the password that you have.' },
        404: notRegistered,
        429: tooMany('wrong passwords'),
      },
    }),
  ];
}
