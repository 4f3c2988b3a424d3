import type { z } from '@hono/zod-openapi';
import type { AttemptView, Timeline, TimelineStep } from '#shared/ledger';
import { pausedOf } from '../pipelines/step-view.ts';
import type { why } from './schemas.ts';

type Why = z.infer<typeof why>;

/** Some steps of a timeline, and why they are where they are. */
export function whyView(timeline: Timeline, steps: readonly TimelineStep[]): Why {
  const { run, forkedFrom, reopened, waiting } = timeline;
  return {
    pipeline: `/api/pipelines/${run.id}`,
    status: run.state,
    ...(forkedFrom === undefined ? {} : { forkedFrom: `/api/pipelines/${forkedFrom}` }),
    reopened,
    steps: steps.map(stepOf),
    waiting: waiting.map(({ function: step, missing }) => ({ step, missing: [...missing] })),
  };
}

function stepOf(step: TimelineStep): Why['steps'][number] {
  const { id, key, state, inputs, queuedMs, workedMs, bytes, usage, emitted, attempts, lost } = step;
  const mend = mendOf(step);
  return {
    id,
    step: step.function,
    ...(key === undefined ? {} : { part: key }),
    state,
    progress: step.progress,
    ...(step.message === undefined ? {} : { message: step.message }),
    ...(step.dueAt === undefined ? {} : { dueAt: step.dueAt.toISOString() }),
    ...(step.postponed === undefined ? {} : { postponed: step.postponed }),
    ...pausedOf(step),
    because: inputs.map(({ type, key: part, at, cause }) => ({
      event: type,
      ...(part === undefined ? {} : { part }),
      ...(cause === undefined ? {} : { from: cause }),
      at: at.toISOString(),
    })),
    queuedMs,
    ...(workedMs === undefined ? {} : { workedMs }),
    bytes,
    failed: attempts,
    lost,
    attempts: step.attemptLog.map(attemptOf),
    usage: { ...usage },
    emitted: emitted.map(({ type, count }) => ({ type, count })),
    ...(mend === undefined ? {} : { mend }),
  };
}

function attemptOf(attempt: AttemptView): Why['steps'][number]['attempts'][number] {
  const { number, outcome, error, startedAt, endedAt, workedMs } = attempt;
  return {
    number,
    outcome,
    ...(error === undefined ? {} : { code: error.code, message: error.message }),
    ...(startedAt === undefined ? {} : { startedAt: startedAt.toISOString() }),
    endedAt: endedAt.toISOString(),
    ...(workedMs === undefined ? {} : { workedMs }),
  };
}

function mendOf({ id, state, paused }: TimelineStep): string | undefined {
  if (state === 'dead') return `POST /api/deliveries/${id}/retry`;
  return paused === undefined ? undefined : `DELETE /api/pauses/${paused.name}`;
}
