import { defineFunction } from '#shared/function';
import type { TopologyFunction } from '#shared/topology';

/** A step that time begins; tests set its next tick. */
export const tickStep: TopologyFunction = {
  name: 'tick-step',
  area: 'video',
  profile: 'light',
  triggers: [{ kind: 'schedule', cron: '0 0 1 1 *', zone: 'UTC' }],
  emits: [],
  puts: {},
  promises: undefined,
};

export default defineFunction({
  name: 'tick-step',
  summary: 'Begun by a schedule.',
  consumes: [],
  needs: [],
  handle: async ({ delivery, run }) => ({
    write: async (tx) => {
      await tx.query('insert into effect (delivery, run) values ($1, $2)', [delivery.id, run.id]);
      return {};
    },
  }),
});
