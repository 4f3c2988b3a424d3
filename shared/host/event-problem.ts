import { HttpProblem, PROBLEM_TYPE, problemOf } from '#shared/http';
import type { HostAnswer } from './receiver.ts';

/** Bytes of an error body: Knative's dispatcher (1.22) breaks on 768 and more where a dead-letter sink is set. */
const MAX_BYTES = 767;

/** An error answer that no broker chokes on: never long, never a redirect. */
export function eventProblem(thrown: unknown): HostAnswer {
  const problem = problemOf(thrown);
  const headers = { ...problem.headers, 'Content-Type': PROBLEM_TYPE };
  const whole = JSON.stringify(problem.document());
  if (Buffer.byteLength(whole) <= MAX_BYTES) return { status: problem.status, headers, body: whole };
  const { status, code } = problem;
  const detail = problem.message.slice(0, 100);
  const short = JSON.stringify(new HttpProblem({ status, code, detail }).document());
  return { status, headers, body: short };
}
