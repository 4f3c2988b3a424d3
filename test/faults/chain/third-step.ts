import { defineFunction } from '#shared/function';
import type { TopologyFunction } from '#shared/topology';

/** What a new version of the platform adds: a step after the second. */
export const thirdStep: TopologyFunction = {
  name: 'third-step',
  area: 'video',
  profile: 'light',
  triggers: [{ kind: 'event', type: 'pipeline.metadata.built' }],
  emits: [],
  puts: {},
  promises: undefined,
};

export default defineFunction({
  name: 'third-step',
  summary: 'Came with the new version.',
  consumes: ['pipeline.metadata.built'],
  needs: [],
  handle: async ({ delivery, run }) => ({
    write: async (tx) => {
      await tx.query('insert into effect (delivery, run) values ($1, $2)', [delivery.id, run.id]);
      return {};
    },
  }),
});
