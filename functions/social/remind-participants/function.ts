import { defineFunction } from '#shared/function';
import { remindOthersAnew, takeReminders } from '#shared/gatherings';

/** A tick; what is left waits for the next one. */
const MOST_REMINDED = 2_000;

/** Who was told is written with the telling, in one transaction: a tick that comes twice tells nobody twice. */
export default defineFunction({
  name: 'remind-participants',
  summary: 'Reminds those who take part in an event as long before it begins as each of them wants.',
  consumes: ['schedule.ticked'],
  needs: [],
  async handle() {
    return {
      write: async (tx) => {
        await remindOthersAnew(tx);
        const due = await takeReminders(tx, MOST_REMINDED);
        return {
          events: due.map(({ gathering, account, startsAt }) => ({
            type: 'gathering.reminded' as const,
            data: { gathering, user: account, startsAt: startsAt.toISOString() },
          })),
          reply: { reminded: due.length },
        };
      },
    };
  },
});
