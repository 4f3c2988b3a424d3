import { z } from 'zod';
import { defineFunction, secret } from '#shared/function';
import {
  endAsLong,
  gatheringPlace,
  gatheringTitle,
  holdOwn,
  localTime,
  moveInstance,
  placeInTime,
  zone,
} from '#shared/gatherings';

const data = z.strictObject({
  event: z.uuid(),
  recurrenceId: localTime,
  status: z.enum(['scheduled', 'cancelled']),
  title: secret(gatheringTitle).optional(),
  place: secret(gatheringPlace).optional(),
  /** As the rule says where left out. */
  starts: localTime.optional(),
  ends: localTime.optional(),
  zone: zone.optional(),
  /** It must be one of these; any where left out. */
  versions: z.array(z.int()).max(20).optional(),
});

export default defineFunction({
  name: 'move-instance',
  summary: 'Moves or cancels one instance of an event that happens again and again.',
  command: { type: 'event.move-instance', data, reply: z.object({ version: z.int() }) },
  needs: [],
  async handle({ data: given, principal: { account }, delivery }) {
    const { event, recurrenceId, versions, starts, ends, status, title, place } = given;
    return {
      write: async (tx) => {
        const held = await holdOwn(tx, { id: event, account, versions });
        const zone = given.zone ?? held.zone ?? undefined;
        const times =
          starts === undefined
            ? undefined
            : placeInTime({ starts, ends: ends ?? endAsLong(held, starts), zone });
        const content = { status, title, place, times };
        const { version } = await moveInstance(tx, { held, id: delivery.id, recurrenceId, content });
        return {
          events: [
            { type: 'gathering.updated', data: { gathering: event, by: account, changes: ['instance'] } },
          ],
          reply: { version },
        };
      },
    };
  },
});
