import { Conflict, MillraceError, Permanent } from '#shared/errors';
import { HttpProblem, PROBLEM_TYPE, problemOf } from '#shared/http';
import type { KeptAnswer } from '#shared/ledger';
import { orUnreachable } from '../unreachable.ts';
import type { CommandAnswer } from './commands.ts';

export function replyAnswer(reply: unknown): CommandAnswer {
  if (reply === undefined) return { status: 204, body: undefined, headers: {} };
  return { status: 200, body: reply, headers: { 'Content-Type': 'application/json' } };
}

/** The answer that the first request had, without its secrets. */
export function keptAnswer({ status, body }: KeptAnswer): CommandAnswer {
  const type = status < 400 ? 'application/json' : PROBLEM_TYPE;
  return {
    status,
    body,
    headers: { 'Idempotent-Replayed': 'true', ...(body === undefined ? {} : { 'Content-Type': type }) },
  };
}

export function failureAnswer(thrown: unknown): CommandAnswer {
  const problem = problemOf(orUnreachable(thrown));
  const seconds = thrown instanceof Conflict ? (thrown.retryAfterMs ?? 0) / 1_000 : 0;
  return {
    status: problem.status,
    body: problem.document(),
    headers: {
      'Content-Type': PROBLEM_TYPE,
      ...problem.headers,
      ...(seconds > 0 ? { 'Retry-After': String(Math.ceil(seconds)) } : {}),
    },
  };
}

/** What the function itself said no to: the same request would hear the same again. Too many is too many for now. */
export function isDomainRefusal(thrown: unknown): boolean {
  if (thrown instanceof HttpProblem)
    return thrown.status >= 400 && thrown.status < 500 && thrown.status !== 429;
  if (!(thrown instanceof MillraceError)) return false;
  return thrown instanceof Permanent || (thrown instanceof Conflict && thrown.retryAfterMs === undefined);
}
