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

/** What one message of the stream makes of the view: a whole pipeline replaces it, a step goes into its place. */
export function applyChange(view: PipelineView | undefined, change: unknown): PipelineView | undefined {
  const whole = pipelineView.safeParse(change);
  if (whole.success) return whole.data;
  const one = step.safeParse(change);
  if (!one.success || view === undefined) return view;
  const isSame = (other: StepView) => other.name === one.data.name && other.part === one.data.part;
  const known = view.steps.some(isSame);
  const steps = known ? view.steps.map((old) => (isSame(old) ? one.data : old)) : [...view.steps, one.data];
  return { ...view, steps };
}

export function isSettled(view: PipelineView): boolean {
  return ['completed', 'failed', 'cancelled'].includes(view.status);
}
