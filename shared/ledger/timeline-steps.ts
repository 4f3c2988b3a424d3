import type { Timeline, TimelineStep } from './timeline.ts';

/** All of a run; of a delivery, itself and the deliveries whose events led to it. */
export function stepsFor(timeline: Timeline, id: string): readonly TimelineStep[] {
  if (timeline.run.id === id.toLowerCase()) return timeline.steps;
  const wanted = new Set([id.toLowerCase()]);
  // A cause stands before its effect.
  for (const step of timeline.steps.toReversed()) {
    if (!wanted.has(step.id)) continue;
    for (const { cause } of step.inputs) if (cause !== undefined) wanted.add(cause);
  }
  return timeline.steps.filter((step) => wanted.has(step.id));
}
