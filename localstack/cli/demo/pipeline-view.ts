import { z } from 'zod';

const time = z.coerce.date().nullish();

const step = z.object({
  name: z.string(),
  part: z.string().nullish(),
  status: z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled']),
  attempts: z.number(),
  /** Percent. */
  progress: z.number(),
  /** When it is tried again after a failure. */
  retryAt: time,
  message: z.string().nullish(),
  startedAt: time,
  endedAt: time,
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
});

const artifact = z.object({ name: z.string(), href: z.string(), type: z.string(), bytes: z.number() });

/** A pipeline as the HTTP interface shows it, as far as the demo reads it. */
export const pipelineView = z.object({
  id: z.string(),
  status: z.enum(['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled']),
  steps: z.array(step),
  artifacts: z.array(artifact),
  failure: z
    .object({ missing: z.array(z.object({ step: z.string(), parts: z.array(z.string()) })) })
    .optional(),
});

export type PipelineView = z.infer<typeof pipelineView>;
export type StepView = z.infer<typeof step>;

/** The stream tells of a pipeline's state without its steps. */
const head = pipelineView.pick({ id: true, status: true, failure: true });

/** What one message of the stream makes of the view: a whole pipeline replaces it, a step goes into its place. */
export function applyChange(view: PipelineView | undefined, change: unknown): PipelineView | undefined {
  const whole = pipelineView.safeParse(change);
  if (whole.success) return whole.data;
  if (view === undefined) return view;
  const one = step.safeParse(change);
  if (one.success) return { ...view, steps: putStep(view.steps, one.data) };
  const state = head.safeParse(change);
  return state.success ? { ...view, ...state.data } : view;
}

/** The first part of a step takes the place of the step as it stood before its parts were known. */
function putStep(steps: readonly StepView[], one: StepView): StepView[] {
  const isSame = ({ name, part }: StepView) =>
    name === one.name && (part ?? undefined) === (one.part ?? undefined);
  if (steps.some(isSame)) return steps.map((old) => (isSame(old) ? one : old));
  const last = steps.findLastIndex(({ name }) => name === one.name);
  const before = last < 0 ? steps : steps.slice(0, last + 1);
  const after = last < 0 ? [] : steps.slice(last + 1);
  return [...before.filter(({ name, part }) => name !== one.name || part), one, ...after];
}

export function isSettled(view: PipelineView): boolean {
  return ['completed', 'failed', 'cancelled'].includes(view.status);
}
