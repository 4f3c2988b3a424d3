import type { RunState } from '#shared/ledger';
import type { Step } from '../schemas/pipeline.ts';
import type { FlowStep } from './flow-steps.ts';

/** How many runs are remembered; beyond, those that were not read for the longest are forgotten. */
const REMEMBERED = 10_000;

/** Says how far a run is, in whole percent. */
export interface ProgressGauge {
  /** 100 only when the run is completed; never less than what this process has said of the run before. */
  read(run: { id: string; state: RunState; steps: readonly Step[] }): number;
}

/**
 * Each step counts with its weight, and its parts share that. A step that begins anew after a failure starts at
 * nothing again; the whole keeps what it had.
 */
export function createProgressGauge(flow: readonly FlowStep[]): ProgressGauge {
  const highest = new Map<string, number>();
  return {
    read({ id, state, steps }) {
      if (state === 'completed') {
        highest.delete(id);
        return 100;
      }
      const progress = Math.max(Math.min(99, weigh(flow, steps)), highest.get(id) ?? 0);
      highest.delete(id);
      highest.set(id, progress);
      if (highest.size > REMEMBERED) highest.delete(highest.keys().next().value ?? id);
      return progress;
    },
  };
}

function weigh(flow: readonly FlowStep[], steps: readonly Step[]): number {
  let [done, total] = [0, 0];
  for (const { name, weight } of flow) {
    const parts = steps.filter((step) => step.name === name);
    if (parts.length > 0)
      done += (weight * parts.reduce((sum, { progress }) => sum + progress, 0)) / parts.length;
    total += weight;
  }
  return total === 0 ? 0 : Math.floor(done / total);
}
