import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressGroup } from './client-address.ts';
import { HttpProblem } from './problem.ts';

const WINDOW_SECONDS = 60;

/** Counts the requests of each address. */
export interface RateLimit {
  /** Counts one; answers the headers to send. @throws HttpProblem 429 `too-many-requests` */
  take(address: string): Promise<Readonly<Record<string, string>>>;
}

/** At most `perMinute` requests a minute and address; 0 is no limit. */
export function createRateLimit({ perMinute }: { perMinute: number }): RateLimit {
  if (perMinute === 0) return { take: async () => ({}) };
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  return {
    async take(address) {
      try {
        return headersOf(await limiter.consume(addressGroup(address)), perMinute);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        const seconds = secondsLeft(refused);
        throw new HttpProblem({
          status: 429,
          code: 'too-many-requests',
          detail: `More than ${perMinute} requests in a minute came from this address; wait ${seconds} s.`,
          errors: [{ field: '', message: `At most ${perMinute} requests a minute.`, limit: perMinute }],
          headers: { ...headersOf(refused, perMinute), 'Retry-After': String(seconds) },
        });
      }
    },
  };
}

/** The fields of draft-ietf-httpapi-ratelimit-headers-06, which clients in the field read. */
function headersOf(state: RateLimiterRes, perMinute: number): Record<string, string> {
  return {
    'RateLimit-Limit': String(perMinute),
    'RateLimit-Remaining': String(Math.max(0, state.remainingPoints)),
    'RateLimit-Reset': String(secondsLeft(state)),
    'RateLimit-Policy': `${perMinute};w=${WINDOW_SECONDS}`,
  };
}

function secondsLeft(state: RateLimiterRes): number {
  return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
}
