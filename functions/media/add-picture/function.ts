import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { defineFunction } from '#shared/function';
import { holdOwn } from '#shared/gatherings';
import { notFound } from '#shared/http';
import { addPicture, insertPicture } from '#shared/pictures';

const data = z.strictObject({
  /** Of its bytes, which lie in the store already. */
  picture: z.uuid(),
  bytes: z.int().positive(),
  sha256: z.string(),
  /** An event of one's own, to show it with. */
  event: z.uuid().optional(),
});

/** Answered before anything is decoded: that is work of its own, away from those who wait. */
export default defineFunction({
  name: 'add-picture',
  summary: 'Takes a picture that was sent, for an event of one’s own where one is named, and has it cleaned.',
  command: { type: 'picture.add', data, reply: z.object({ picture: z.uuid() }) },
  needs: [],
  async handle({ data: { picture, event }, principal: { account } }) {
    if (!isAccountId(account)) throw notFound('account');
    return {
      write: async (tx) => {
        if (event !== undefined) await holdOwn(tx, { id: event, account });
        await insertPicture(tx, { user: account, picture });
        if (event !== undefined) await addPicture(tx, { account, id: picture, kind: 'gathering', of: event });
        return {
          events: [{ type: 'picture.received', data: { picture, user: account } }],
          reply: { picture },
        };
      },
    };
  },
});
