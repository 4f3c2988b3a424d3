import { defineFunction } from '#shared/function';
import { forgetOld, gatherDigests } from '#shared/notifications';

/** What waits goes into a mail and the mail is asked for with one commit: killed anywhere, nothing is mailed twice or never. */
export default defineFunction({
  name: 'send-digests',
  summary: 'Mails people what waited to be mailed together, and forgets old notifications.',
  consumes: ['schedule.ticked'],
  needs: [],
  async handle() {
    return {
      write: async (tx) => {
        const { mails, more } = await gatherDigests(tx);
        if (!more) await forgetOld(tx);
        return { events: mails, reply: { mails: mails.length, more } };
      },
    };
  },
});
