import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { gatheringCommand, insertGathering, readContent } from '#shared/gatherings';

export default defineFunction({
  name: 'create-event',
  summary:
    'Makes an event: once or again and again, in its time zone, for everybody, for followers or for guests.',
  command: { type: 'event.create', data: gatheringCommand, reply: z.object({ event: z.uuid() }) },
  needs: [],
  async handle({ data, principal, delivery }) {
    const content = readContent(data);
    const owner = principal.account;
    // The same for every request with one Idempotency-Key.
    const id = delivery.id;
    return {
      write: async (tx) => {
        await insertGathering(tx, { id, owner, content });
        return {
          events: [{ type: 'gathering.created', data: { gathering: id, user: owner } }],
          reply: { event: id },
        };
      },
    };
  },
});
