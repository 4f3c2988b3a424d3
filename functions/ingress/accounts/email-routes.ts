import type { Route } from '../route.ts';
import { commandRoute, notRegistered, tooMany } from './command-route.ts';
import { mailedToken, newEmail } from './schemas.ts';
import type { SendCommand } from './send-command.ts';

/** That somebody reads what is mailed to him, and to which address that is. */
export function emailRoutes({ send }: { send: SendCommand }): Route[] {
  return [
    commandRoute(send, {
      method: 'post',
      path: '/auth/verify-email',
      operationId: 'verifyEmail',
      summary: 'Confirm an e-mail address',
      description:
        'With the token of the link that was mailed there when the account was made, or when another address was asked for. It is good once, for three days.',
      access: 'public',
      body: mailedToken,
      type: 'email.verify',
      data: ({ body }) => body,
      keyOf: ({ token }) => token,
      done: { status: 204, description: 'It is the address of the account.' },
      responses: {
        400: { description: 'A field is wrong, or the token was used, has expired, or is none of ours.' },
        409: { description: 'Somebody else has this address meanwhile, or the Idempotency-Key came before.' },
      },
    }),
    commandRoute(send, {
      method: 'post',
      path: '/auth/verify-email/request',
      operationId: 'requestEmailVerification',
      summary: 'Have the link mailed again',
      access: 'token',
      type: 'email.request-verification',
      data: ({ address }) => ({ address }),
      done: { status: 202, description: 'A mail is on its way, unless the address is confirmed already.' },
      responses: { 404: notRegistered, 429: tooMany('mails were asked for') },
    }),
    commandRoute(send, {
      method: 'put',
      path: '/users/me/email',
      operationId: 'changeEmail',
      summary: 'Change your e-mail address',
      description:
        'The new address is asked first: the old one stays until the link that is mailed to the new one was followed. The old one is told of it then.',
      access: 'token',
      body: newEmail,
      type: 'email.change',
      data: ({ body, address }) => ({ ...body, address }),
      done: { status: 202, description: 'A mail to the new address is on its way.' },
      responses: {
        403: { description: 'This is not the password.' },
        404: notRegistered,
        429: tooMany('wrong passwords, too many mails'),
      },
    }),
  ];
}
