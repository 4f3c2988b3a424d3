import type { Profile, Topology, TopologyFunction } from '#shared/topology';
import { dropPlace } from './drop-step.ts';
import { fan } from './fan.ts';
import { tickStep } from './tick-step.ts';

const profile: Profile = {
  run: 'service',
  cpu: '1',
  memoryBytes: 2 ** 28,
  diskBytes: undefined,
  gpu: 0,
  timeoutMs: 2_000,
  attempts: 3,
  concurrency: 8,
  scale: { min: 0, max: 4 },
};

const base = { area: 'video', promises: undefined } as const;

export const firstStep: TopologyFunction = {
  ...base,
  name: 'first-step',
  profile: 'light',
  triggers: [{ kind: 'event', type: 'pipeline.started' }],
  uses: ['mail'],
  emits: [],
  puts: { 'first.txt': 'pipeline.thumbnail.created' },
};

export const secondStep: TopologyFunction = {
  ...base,
  name: 'second-step',
  profile: 'light',
  triggers: [{ kind: 'event', type: 'pipeline.thumbnail.created' }],
  emits: ['pipeline.video.placed'],
  puts: { 'second.txt': 'pipeline.metadata.built' },
};

/** The product's own, begun when a test sets its next tick. */
export const expirePlace: TopologyFunction = {
  ...base,
  name: 'expire-runs',
  profile: 'light',
  triggers: [{ kind: 'schedule', cron: '0 0 1 1 *', zone: 'UTC' }],
  emits: [],
  puts: {},
};

/** Two steps, each with an own row, an artifact and an event; topics say how the first one behaves. */
export const chain: Topology = {
  source: 'urn:faults',
  profiles: { light: profile },
  flows: {
    video: {
      title: 'Video',
      starts: ['pipeline.started'],
      completed: 'pipeline.completed',
      failed: 'pipeline.failed',
    },
    'dropped-video': {
      title: 'Dropped',
      starts: ['script.uploaded'],
      completed: 'pipeline.completed',
      failed: 'pipeline.failed',
    },
    fan: {
      title: 'Fan',
      starts: ['pipeline.keywords.fetched'],
      completed: 'pipeline.completed',
      failed: 'pipeline.failed',
    },
  },
  buckets: { inbox: { 'scripts/{owner}/{name}.md': 'script.uploaded' } },
  limits: { mail: { calls: 1, perMs: 300 } },
  functions: [
    firstStep,
    secondStep,
    tickStep,
    dropPlace,
    expirePlace,
    ...fan.map(({ topology }) => topology),
  ],
};
