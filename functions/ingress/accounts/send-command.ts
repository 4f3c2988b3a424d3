import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Principal } from '#shared/auth';
import type { CommandPrincipal } from '#shared/function';
import type { Commands } from '#shared/host';
import { HttpProblem } from '#shared/http';
import type { HttpContext } from '../environment.ts';
import { problem } from '../schemas/problem.ts';

/** Who has no account yet, or has not said so. */
const VISITOR: CommandPrincipal = { sub: 'visitor', account: 'visitor', roles: [] };

/** What a route asks of a function. */
interface Asked<Reply> {
  readonly c: HttpContext;
  readonly type: string;
  readonly data: object;
  readonly reply: z.ZodType<Reply>;
  /** Nobody where left out. */
  readonly principal?: Principal;
  readonly idempotencyKey?: string | undefined;
  /** Whose key it is, of those who are nobody: two strangers may think of the same one. */
  readonly keyOf?: string;
}

/** Sends commands within a request. @throws HttpProblem whatever the function refused with */
export type SendCommand = <Reply>(asked: Asked<Reply>) => Promise<Reply>;

export function createSendCommand({ commands }: { commands: Commands }): SendCommand {
  return async ({ c, type, data, reply, principal, idempotencyKey, keyOf }) => {
    const answer = await commands.send({
      type,
      data,
      principal: principal ?? VISITOR,
      idempotencyKey: keyWithin(keyOf ?? '', idempotencyKey),
      traceparent: c.get('traceparent'),
      signal: c.req.raw.signal,
    });
    const { status, headers } = answer;
    if (status >= 400) throw refusalOf(answer.body, headers);
    const replayed = headers['Idempotent-Replayed'];
    if (replayed !== undefined) c.header('Idempotency-Replayed', replayed);
    return reply.parse(answer.body);
  };
}

/** A command's key has no spaces, which one in quotes may have. */
function keyWithin(whose: string, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([whose, key]))
    .digest('base64url');
}

/** The function's own problem; the front door adds the request's id. */
function refusalOf(body: unknown, headers: Readonly<Record<string, string>>): HttpProblem {
  const { status, code, detail, errors = [] } = problem.parse(body);
  const { 'Content-Type': _type, ...passed } = headers;
  return new HttpProblem({
    status,
    code,
    detail,
    errors: errors.map(({ field, message, limit }) => ({
      field,
      message,
      ...(limit === undefined ? {} : { limit }),
    })),
    headers: passed,
  });
}
