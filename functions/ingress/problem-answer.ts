import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Transient } from '#shared/errors';
import { type HttpProblem, PROBLEM_TYPE, problemOf } from '#shared/http';
import type { HttpContext } from './environment.ts';

/** Answers with a problem document; HEAD gets its headers only. */
export function problemAnswer(c: HttpContext, problem: HttpProblem): Response {
  const body = JSON.stringify(problem.document(c.get('requestId')));
  // A problem has a status of 400 or more, all of which may have a body.
  return c.body(body, problem.status as ContentfulStatusCode, {
    ...problem.headers,
    'Content-Type': PROBLEM_TYPE,
    'Cache-Control': 'no-store',
  });
}

/** What a route threw, as a problem: a database that is away is no fault of ours, and passes. */
export function problemOfThrown(thrown: unknown): HttpProblem {
  if (!isOutage(thrown)) return problemOf(thrown);
  return problemOf(
    new Transient('ledger-unreachable', 'The ledger cannot be reached now.', {
      cause: thrown,
      retryAfterMs: 3_000,
    }),
  );
}

/** SQLSTATE classes (connection, resources, operator) and what sockets and pools report. */
function isOutage(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  return (
    /^(08|53|57P)/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(thrown.message)
  );
}
