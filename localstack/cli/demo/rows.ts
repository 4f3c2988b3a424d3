import type { PipelineView, StepView } from './pipeline-view.ts';

/** One line of the board: a step with all its parts. */
export interface Row {
  readonly name: string;
  /** `waiting`: for another try after a failure; a step that nothing has reached yet is `queued`. */
  readonly status: StepView['status'];
  readonly parts: number;
  readonly done: number;
  /** 0 to 1. */
  readonly progress: number;
  /** From the first part's start to the last one's end, or to now. */
  readonly seconds: number | undefined;
  readonly message: string | undefined;
}

/** Groups the parts of each step, in the order of the flow. */
export function toRows({ view, now }: { view: PipelineView; now: Date }): readonly Row[] {
  const groups = Map.groupBy(view.steps, (step) => step.name);
  return [...groups].map(([name, steps]) => toRow({ name, steps, now }));
}

function toRow({ name, steps, now }: { name: string; steps: readonly StepView[]; now: Date }): Row {
  const done = steps.filter((step) => step.status === 'completed').length;
  const sum = steps.reduce((total, step) => total + (step.status === 'completed' ? 100 : step.progress), 0);
  return {
    name,
    status: statusOf(steps),
    parts: steps.length,
    done,
    progress: sum / steps.length / 100,
    seconds: secondsOf(steps, now),
    message: steps.find((step) => step.status === 'running' && step.message)?.message ?? undefined,
  };
}

function statusOf(steps: readonly StepView[]): Row['status'] {
  const has = (status: Row['status']) => steps.some((step) => step.status === status);
  if (has('failed')) return 'failed';
  if (has('cancelled')) return 'cancelled';
  if (steps.every((step) => step.status === 'completed')) return 'completed';
  if (has('running') || has('completed')) return 'running';
  return steps.some(({ retryAt }) => retryAt) ? 'waiting' : 'queued';
}

function secondsOf(steps: readonly StepView[], now: Date): number | undefined {
  const starts = steps.flatMap(({ startedAt }) => (startedAt ? [startedAt.getTime()] : []));
  if (starts.length === 0) return undefined;
  const isOpen = steps.some(({ endedAt }) => !endedAt);
  const ends = steps.flatMap(({ endedAt }) => (endedAt ? [endedAt.getTime()] : []));
  const end = isOpen ? now.getTime() : Math.max(...ends);
  return Math.max(0, end - Math.min(...starts)) / 1000;
}
