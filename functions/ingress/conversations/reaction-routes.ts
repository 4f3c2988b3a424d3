import { z } from '@hono/zod-openapi';
import { readEmoji } from '#shared/conversations';
import type { SendCommand } from '../accounts/send-command.ts';
import { invalidRequest } from '../request/invalid-request.ts';
import { defineRoute, type Route } from '../route.ts';
import { idOf } from './change-routes.ts';
import { keyHeaders, noMessage } from './headers.ts';
import { reactionParams } from './schemas.ts';

/** Emoji that are given to messages. */
export function reactionRoutes({ send }: { send: SendCommand }): Route[] {
  const route = (
    method: 'put' | 'delete',
    how: 'give' | 'withdraw',
    about: { operationId: string; summary: string; done: string },
  ) => {
    const { done, ...described } = about;
    return defineRoute({
      method,
      path: '/messages/{id}/reactions/{emoji}',
      ...described,
      description: 'Said again, it is the same.',
      tag: 'Conversations',
      access: 'token',
      rate: 'counted',
      params: reactionParams,
      headers: keyHeaders,
      responses: {
        204: { description: done },
        400: { description: 'This is not one emoji.' },
        403: { description: 'One of you two has blocked the other.' },
        404: noMessage,
        409: {
          description:
            'The message is deleted, it has too many different reactions, or the Idempotency-Key came before with another request.',
        },
      },
      async handle({ c, principal, params, headers: { 'idempotency-key': idempotencyKey } }) {
        const emoji = readEmoji(params.emoji);
        if (emoji === undefined)
          throw invalidRequest([{ field: 'path.emoji', message: 'Send one emoji, and nothing else.' }]);
        const data = { message: idOf(params.id, 'message'), emoji, how };
        await send({ c, type: 'message.react', data, principal, reply: z.undefined(), idempotencyKey });
        return c.body(null, 204);
      },
    });
  };
  return [
    route('put', 'give', {
      ...{ operationId: 'react', summary: 'React to a message', done: 'It is given.' },
    }),
    route('delete', 'withdraw', {
      ...{ operationId: 'withdrawReaction', summary: 'Take a reaction back', done: 'It is not given.' },
    }),
  ];
}
