import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { holdOwn } from '#shared/gatherings';
import { notFound } from '#shared/http';
import { dropPictures } from '#shared/pictures';

export default defineFunction({
  name: 'detach-picture',
  summary: 'Takes a picture away from an event of one’s own; what nothing shows goes after a day.',
  command: {
    type: 'picture.detach',
    data: z.strictObject({ picture: z.uuid(), event: z.uuid() }),
    reply: z.undefined(),
  },
  needs: [],
  async handle({ data: { picture, event }, principal: { account } }) {
    return {
      write: async (tx) => {
        await holdOwn(tx, { id: event, account });
        const dropped = await dropPictures(tx, { kind: 'gathering', of: event, only: picture });
        if (dropped === 0) throw notFound('picture of this event');
        return {};
      },
    };
  },
});
