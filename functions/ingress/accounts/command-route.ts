import { z } from '@hono/zod-openapi';
import type { Principal } from '#shared/auth';
import { addressGroup } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import type { ResponseDescription } from '../openapi/describe-route.ts';
import { idempotencyKey } from '../request/idempotency-key.ts';
import { defineRoute, type Route } from '../route.ts';
import type { SendCommand } from './send-command.ts';

/** What a command is given by the route, beside the body. */
interface Given<Body> {
  readonly body: Body;
  readonly principal: Principal | undefined;
  /** Of the client, or the group that it counts under. */
  readonly address: string;
}

interface CommandRoute<Body extends z.ZodType> {
  readonly method: 'post' | 'put';
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: 'public' | 'token';
  readonly body?: Body;
  /** Of the command. */
  readonly type: string;
  data(given: Given<z.output<Body>>): object;
  /** Whose an `Idempotency-Key` is, of those who are nobody. */
  keyOf?(body: z.output<Body>): string;
  /** What is answered once it is done, without a body. */
  readonly done: { readonly status: 202 | 204; readonly description: string };
  readonly responses: Readonly<Record<number, ResponseDescription>>;
}

/** A route that hands its body to a command and has nothing to say but that it is done. */
export function commandRoute<Body extends z.ZodType = z.ZodUndefined>(
  send: SendCommand,
  { type, data, keyOf, done, responses, ...described }: CommandRoute<Body>,
): Route {
  return defineRoute({
    ...described,
    tag: 'People',
    rate: 'counted',
    headers: z.object({ 'idempotency-key': idempotencyKey.optional() }),
    responses: {
      409: { description: 'The Idempotency-Key came before with another body.' },
      ...responses,
      [done.status]: { description: done.description },
    },
    async handle({ c, body, principal, headers: { 'idempotency-key': key } }) {
      const address = addressGroup((c as HttpContext).get('address'));
      await send({
        ...{ c, type, data: data({ body, principal, address }), reply: z.undefined(), idempotencyKey: key },
        ...(principal === undefined ? {} : { principal }),
        ...(keyOf === undefined ? {} : { keyOf: keyOf(body) }),
      });
      return c.body(null, done.status);
    },
  });
}

/** 429, for a reason of its own. */
export const tooMany = (what: string): ResponseDescription => ({
  description: `Too many ${what}, or too many requests from this address.`,
  headers: { 'Retry-After': 'Seconds to wait.' },
});

export const notRegistered: ResponseDescription = {
  description: 'The token is of nobody who registered.',
};
