import { createHash } from 'node:crypto';
import { Transient } from '#shared/errors';
import { defineFunction } from '#shared/function';
import { pushArrived, pushFailed } from '#shared/notifications';

/** A browser that is away hears of it within a day. */
const TTL_SECONDS = 86_400;
/** A push service that is away is asked so often; then the push is given up, and nobody has to mend anything. */
const MOST_TRIES = 4;
const FIRST_WAIT_MS = 10_000;

/** The event names neither address nor words: they are looked up when the push is sent. */
export default defineFunction({
  name: 'send-push',
  summary: 'Tells a browser of a notification through its push service.',
  consumes: ['push.requested'],
  needs: ['pushes', 'webPush'],
  async handle(input, { pushes, webPush, signal, log }) {
    const { subscription, notification } = input.one('push.requested').data;
    const push = await pushes.due({ subscription, notification });
    if (push === undefined) return { reply: { state: 'read-or-gone' } };
    const { attempt } = input.delivery;
    try {
      const answer = await webPush.send({
        ...{ ...push, signal, ttlSeconds: TTL_SECONDS, urgency: 'normal' },
        topic: topicOf(notification),
      });
      if (answer.state === 'refused') log.warn({ why: answer.why }, 'a push service refused a push');
      return {
        write: async (tx) => {
          if (answer.state === 'taken') await pushArrived(tx, subscription);
          else await pushFailed(tx, { subscription, isGone: answer.state === 'gone' });
          return { reply: { state: answer.state } };
        },
      };
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      if (attempt < MOST_TRIES) {
        const retryAfterMs = Math.max(error.retryAfterMs ?? 0, FIRST_WAIT_MS * 4 ** (attempt - 1));
        throw new Transient(error.code, error.message, { retryAfterMs, cause: error });
      }
      log.warn({ error }, 'a push was given up');
      return {
        write: async (tx) => {
          await pushFailed(tx, { subscription, isGone: false });
          return { reply: { state: 'given-up' } };
        },
      };
    }
  },
});

/** Of pushes about one thing the last alone waits. At most 32 letters (RFC 8030, section 5.4). */
function topicOf(notification: string): string {
  return createHash('sha256').update(notification).digest('base64url').slice(0, 32);
}
