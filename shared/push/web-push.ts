import { Permanent, Transient } from '#shared/errors';
import type { Outbound } from '#shared/outbound';
import { encryptPush } from './encrypt.ts';
import type { PushAnswer, WebPush } from './port.ts';
import type { PushKey } from './push-key.ts';

const TIMEOUT_MS = 10_000;
/** What push services say is not looked at. */
const MOST_ANSWER_BYTES = 65_536;
/** A push service that wants longer is asked again all the same: it says no once more. */
const LONGEST_WAIT_MS = 3_600_000;

export function createWebPush({
  key,
  outbound,
}: {
  key: PushKey;
  outbound: Pick<Outbound, 'post'>;
}): WebPush {
  return {
    async send({ endpoint, keys, message, topic, ttlSeconds, urgency, signal }) {
      const body = encryptPush(Buffer.from(message), keys);
      const headers = {
        authorization: await key.authorization(new URL(endpoint)),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        ttl: String(ttlSeconds),
        ...{ urgency, topic },
      };
      const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_ANSWER_BYTES, signal };
      try {
        return answerOf(await outbound.post({ url: endpoint, headers, body, ...limits }));
      } catch (error) {
        // Its address is none that is asked, or its answer none that is read: another try changes nothing.
        if (error instanceof Permanent) return { state: 'refused', why: error.code };
        throw error;
      }
    },
  };
}

function answerOf({ status, headers }: Awaited<ReturnType<Outbound['post']>>): PushAnswer {
  if (status >= 200 && status < 300) return { state: 'taken' };
  if (status === 404 || status === 410) return { state: 'gone' };
  if (status === 429 || status === 408 || status >= 500)
    throw new Transient('push-later', `The push service answered ${status}; it is asked again later.`, {
      retryAfterMs: waitOf(headers['retry-after']),
    });
  return { state: 'refused', why: `status-${status}` };
}

/** Seconds; a date, which hardly any push service sends, is left to the backoff. */
function waitOf(header = ''): number {
  return /^\d{1,6}$/.test(header) ? Math.min(LONGEST_WAIT_MS, Number(header) * 1_000) : 0;
}
