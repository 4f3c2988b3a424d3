import { z } from '@hono/zod-openapi';
import { readEmoji } from '#shared/conversations';
import { HttpProblem } from '#shared/http';
import type { SendCommand } from '../accounts/send-command.ts';
import { defineRoute, type Route } from '../route.ts';
import { keyHeaders } from './headers.ts';
import { idOf } from './id-of.ts';
import { reactionParams } from './requests.ts';

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
        403: { description: 'One of you two has blocked the other.' },
        404: { description: 'There is no such message that you may see, or this is not one emoji.' },
        409: {
          description:
            'The message is deleted, it has too many different reactions, or the Idempotency-Key came before with another request.',
        },
      },
      async handle({ c, principal, params, headers: { 'idempotency-key': idempotencyKey } }) {
        const emoji = readEmoji(params.emoji);
        if (emoji === undefined) throw noEmoji();
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

function noEmoji(): HttpProblem {
  const message = 'Send one emoji, and nothing else.';
  const errors = [{ field: 'path.emoji', message }];
  return new HttpProblem({ status: 404, code: 'emoji-unknown', detail: message, errors });
}
