import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { gatheringCommand, holdOwn, promote, readContent, updateGathering } from '#shared/gatherings';

const data = gatheringCommand.extend({
  event: z.uuid(),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

/** With more places, those who wait move up in the same transaction. */
export default defineFunction({
  name: 'update-event',
  summary: 'Changes an event; with more places, those who wait longest move up.',
  command: { type: 'event.update', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: { event, versions, ...given }, principal }) {
    const content = readContent(given);
    const by = principal.account;
    return {
      write: async (tx) => {
        const held = await holdOwn(tx, { id: event, account: by, versions });
        const { version, changes } = await updateGathering(tx, { held, content });
        const promoted = changes.includes('capacity') ? await promote(tx, event) : [];
        return {
          events: [
            ...(changes.length === 0
              ? []
              : [
                  {
                    type: 'gathering.updated' as const,
                    data: { gathering: event, by, changes: [...changes] },
                  },
                ]),
            ...promoted.map((user) => ({
              type: 'gathering.promoted' as const,
              data: { gathering: event, user },
            })),
          ],
          reply: { version },
        };
      },
    };
  },
});
