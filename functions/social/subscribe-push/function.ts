import { z } from 'zod';
import { isAccountId } from '#shared/accounts';
import { Permanent } from '#shared/errors';
import { defineFunction, secret } from '#shared/function';
import { notFound } from '#shared/http';
import { subscribe } from '#shared/notifications';
import { arePushKeys } from '#shared/push';

/** As a browser's PushSubscription says it. Whoever has all of it can push. */
const data = z.strictObject({
  endpoint: secret(z.string().max(2_000)),
  p256dh: secret(z.string().max(200)),
  auth: secret(z.string().max(100)),
  client: secret(z.string().max(200)),
});

export default defineFunction({
  name: 'subscribe-push',
  summary: 'Keeps a browser’s subscription, so that it can be told when it is not open.',
  command: { type: 'push.subscribe', data, reply: z.object({ subscription: z.uuid() }) },
  needs: [],
  async handle({ data: { endpoint, client, ...given }, principal: { account }, delivery: { id } }) {
    if (!isAccountId(account)) throw notFound('account');
    const keys = {
      p256dh: Buffer.from(given.p256dh, 'base64url'),
      auth: Buffer.from(given.auth, 'base64url'),
    };
    if (!arePushKeys(keys))
      throw new Permanent(
        'push-keys-invalid',
        'These are no keys of a browser; send what it gave, as it is.',
        {
          field: 'keys',
        },
      );
    return {
      write: async (tx) => ({
        reply: { subscription: await subscribe(tx, { id, account, endpoint, client, ...keys }) },
      }),
    };
  },
});
