import type { DeliveryState, DeliveryView, RunView } from '#shared/ledger';
import type { Step, StepDetail, StepStatus } from '../schemas/pipeline.ts';
import type { FlowStep } from './flow-steps.ts';

const statusOf: Readonly<Record<DeliveryState, StepStatus>> = {
  due: 'queued',
  leased: 'running',
  later: 'waiting',
  done: 'completed',
  dead: 'failed',
  cancelled: 'cancelled',
};

/** The brake behind which it waits, without who put it on. */
export function pausedOf({ paused }: DeliveryView): Pick<Step, 'paused'> {
  if (paused === undefined) return {};
  const { name, since, reason } = paused;
  return { paused: { name, since: new Date(since).toISOString(), reason } };
}

/** A step, or one part of it, that a delivery stands for. */
export function stepOf(delivery: DeliveryView): Step {
  const { state, message, dueAt, error, lost } = delivery;
  const begun = delivery.attempts + lost + (state === 'leased' || state === 'done' ? 1 : 0);
  return {
    name: delivery.function,
    ...(delivery.key === undefined ? {} : { part: delivery.key }),
    status: statusOf[state],
    attempts: begun,
    lost,
    progress: state === 'done' ? 100 : percent(delivery.progress, 99),
    ...(message === undefined || state !== 'leased' ? {} : { message }),
    startedAt: delivery.startedAt?.toISOString() ?? null,
    endedAt: delivery.endedAt?.toISOString() ?? null,
    ...(state === 'later' && dueAt !== undefined ? { retryAt: dueAt.toISOString() } : {}),
    ...pausedOf(delivery),
    ...(error === undefined || state === 'done'
      ? {}
      : {
          error: {
            code: error.code,
            message: error.message,
            ...(error.field === undefined ? {} : { field: error.field }),
          },
        }),
  };
}

/** All steps of a run in the order of its flow; those that no event has reached yet are waiting. */
export function stepsOf({
  flow,
  run,
  deliveries,
  promises,
}: {
  flow: readonly FlowStep[];
  run: RunView;
  deliveries: readonly DeliveryView[];
  promises: readonly { readonly name: string; readonly keys: readonly string[] }[];
}): Step[] {
  return flow.flatMap(({ name, partsOf }) => {
    const begun = deliveries.filter((delivery) => delivery.function === name).map(stepOf);
    const there = new Set(begun.map(({ part }) => part));
    const promised = promises.find((promise) => promise.name === partsOf)?.keys ?? [];
    const missing = promised.filter((part) => !there.has(part)).map((part) => unreached({ run, name, part }));
    const all = [...begun, ...missing].sort((a, b) => (a.part ?? '').localeCompare(b.part ?? '', 'en'));
    return all.length > 0 ? all : [unreached({ run, name })];
  });
}

function unreached({ run, name, part }: { run: RunView; name: string; part?: string }): Step {
  return {
    name,
    ...(part === undefined ? {} : { part }),
    status: unreachedStatus(run),
    attempts: 0,
    lost: 0,
    progress: run.state === 'completed' ? 100 : 0,
    startedAt: null,
    endedAt: null,
  };
}

function unreachedStatus(run: RunView): StepStatus {
  switch (run.state) {
    case 'completed':
    case 'cancelled':
      return run.state;
    case 'running':
    case 'failed':
      return 'waiting';
  }
}

/** One step with its parts folded into it. */
export function detailOf(steps: readonly [Step, ...Step[]]): StepDetail {
  const [first] = steps;
  if (steps.length === 1 && first.part === undefined) return first;
  const error = steps.find((step) => step.error !== undefined)?.error;
  const paused = steps.find((step) => step.paused !== undefined)?.paused;
  return {
    name: first.name,
    status: foldStatus(steps.map(({ status }) => status)),
    attempts: steps.reduce((sum, { attempts }) => sum + attempts, 0),
    lost: steps.reduce((sum, { lost }) => sum + lost, 0),
    progress: Math.floor(steps.reduce((sum, { progress }) => sum + progress, 0) / steps.length),
    startedAt: steps.map(({ startedAt }) => startedAt).reduce(earlier, null),
    endedAt: steps.every(({ endedAt }) => endedAt !== null)
      ? steps.map(({ endedAt }) => endedAt).reduce(later, null)
      : null,
    ...(paused === undefined ? {} : { paused }),
    ...(error === undefined ? {} : { error }),
    parts: [...steps],
  };
}

/** What people want to know first: is it going on, has something broken, is it done. */
export function foldStatus(all: readonly StepStatus[]): StepStatus {
  const order = ['running', 'failed', 'cancelled', 'queued'] as const;
  const found = order.find((status) => all.includes(status));
  if (found !== undefined) return found;
  if (all.every((status) => status === 'completed')) return 'completed';
  return all.includes('completed') && !all.includes('waiting') ? 'completed' : 'waiting';
}

/** ISO times of one zone sort as text. */
function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

export function percent(fraction: number, most = 100): number {
  return Math.max(0, Math.min(most, Math.floor(fraction * 100)));
}
