import { z } from 'zod';
import { defineFunction, secret } from '#shared/function';
import { HttpProblem, notFound } from '#shared/http';
import { tell } from '#shared/notifications';

const data = z.strictObject({
  user: z.uuid(),
  title: secret(z.string().max(200)),
  text: secret(z.string().max(2_000)).optional(),
});

/** The words stand with the notification, and go with the account. */
export default defineFunction({
  name: 'send-notification',
  summary: 'Tells somebody what an admin has to say.',
  command: { type: 'notification.send', data, reply: z.object({ notice: z.uuid() }) },
  needs: ['accounts'],
  async handle({ data: { user, title, text }, principal, delivery: { id } }, { accounts }) {
    if (!principal.roles.includes('admin'))
      throw new HttpProblem({
        status: 403,
        code: 'role-missing',
        detail: 'Whoever tells people something in the platform’s name needs a token with the role admin.',
      });
    if ((await accounts.find(user)) === undefined) throw notFound('user');
    return {
      write: async (tx) => {
        // One of its own, whatever else was said: the same for every request with one Idempotency-Key.
        const telling = { kind: 'notice', subject: id, key: `notice ${id}`, to: [user] } as const;
        const events = await tell(tx, { ...telling, title, ...(text === undefined ? {} : { body: text }) });
        return { events, reply: { notice: id } };
      },
    };
  },
});
