import { defineFunction } from '#shared/function';
import type { TopologyFunction } from '#shared/topology';

/** What a file in the inbox begins. */
export const dropPlace: TopologyFunction = {
  name: 'drop-step',
  area: 'video',
  profile: 'light',
  triggers: [{ kind: 'event', type: 'script.uploaded' }],
  emits: [],
  puts: {},
  promises: undefined,
};

export const dropStep = defineFunction({
  name: 'drop-step',
  summary: 'Begun by a file in the inbox, which it reads.',
  consumes: ['script.uploaded'],
  needs: [],
  async handle(input, deps) {
    await deps.fetch(input.one('script.uploaded').data.artifact);
    return {
      write: async (tx) => {
        await tx.query('insert into effect (delivery, run) values ($1, $2)', [
          input.delivery.id,
          input.run.id,
        ]);
        return {};
      },
    };
  },
});
