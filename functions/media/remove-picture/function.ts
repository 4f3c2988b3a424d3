import { z } from 'zod';
import { defineFunction } from '#shared/function';
import { deletePicture } from '#shared/pictures';

export default defineFunction({
  name: 'remove-picture',
  summary: 'Removes a picture of one’s own from wherever it is shown.',
  command: { type: 'picture.remove', data: z.strictObject({ picture: z.uuid() }), reply: z.undefined() },
  needs: [],
  async handle({ data: { picture }, principal: { account } }) {
    return {
      write: async (tx) => {
        await deletePicture(tx, { user: account, picture });
        return { events: [{ type: 'picture.removed', data: { picture, user: account } }] };
      },
    };
  },
});
