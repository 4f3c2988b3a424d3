import type { Profile, Topology, TopologyFunction } from '#shared/topology';

export const CONCURRENCY = 256;

const light: Profile = {
  ...{ run: 'service', cpu: '1', memoryBytes: 2 ** 28, diskBytes: undefined, gpu: 0, timeoutMs: 30_000 },
  ...{ attempts: 3, concurrency: CONCURRENCY, scale: { min: 0, max: 1 } },
};

/** A function of the benchmarks in the topology. */
export function placed(name: string, on: 'pipeline.started' | 'pipeline.video.placed'): TopologyFunction {
  return {
    ...{ name, area: 'bench', profile: 'light', triggers: [{ kind: 'event', type: on }] },
    ...{ emits: ['pipeline.video.placed'], puts: {}, promises: undefined },
  };
}

/** The chain that everything is measured on: two functions, the first wakes the second. */
export const topology: Topology = {
  source: 'urn:bench',
  profiles: { light },
  flows: {
    video: {
      title: 'Bench',
      starts: ['pipeline.started'],
      completed: 'pipeline.completed',
      failed: 'pipeline.failed',
    },
  },
  functions: [placed('first-step', 'pipeline.started'), placed('second-step', 'pipeline.video.placed')],
};
