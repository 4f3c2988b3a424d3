import { z } from 'zod';

/** `spec.delivery` of a Broker, a Trigger or a Subscription, as far as it is emulated. */
export const deliverySpec = z.strictObject({
  retry: z.int().min(0).optional(),
  backoffPolicy: z.enum(['linear', 'exponential']).optional(),
  backoffDelay: z.string().optional(),
  timeout: z.string().optional(),
  deadLetterSink: z
    .strictObject({
      ref: z.object({ kind: z.string(), name: z.string() }).optional(),
      uri: z.string().optional(),
    })
    .optional(),
});
export type DeliverySpec = z.infer<typeof deliverySpec>;

export interface Policy {
  readonly retries: number;
  /** Milliseconds before a retry, of which 0 is the first. */
  wait(retry: number): number;
  /** Of one attempt. */
  readonly timeoutMs: number | undefined;
  readonly deadLetters: string | undefined;
}

/** What holds where there is no `delivery` at all. */
const DEFAULT: DeliverySpec = { retry: 10, backoffPolicy: 'exponential', backoffDelay: 'PT0.2S' };

/** `address` finds the URL of a dead-letter sink. `retry` without a policy retries at once. */
export function policyOf(
  spec: DeliverySpec = DEFAULT,
  address: (sink: NonNullable<DeliverySpec['deadLetterSink']>) => string = ({ uri = '' }) => uri,
): Policy {
  const { retry = 0, backoffPolicy, backoffDelay, timeout, deadLetterSink } = spec;
  const delay = backoffDelay === undefined ? 0 : milliseconds(backoffDelay);
  const factor = (at: number): number => (backoffPolicy === 'linear' ? at : 2 ** at);
  return {
    retries: retry,
    wait: (at) => (backoffPolicy === undefined ? 0 : delay * factor(at)),
    timeoutMs: timeout === undefined ? undefined : milliseconds(timeout),
    deadLetters: deadLetterSink === undefined ? undefined : address(deadLetterSink),
  };
}

/** ISO 8601, as Knative's webhook wants it: `PT1S`, `PT0.2S`, `PT5M`. @throws Error for anything else */
function milliseconds(duration: string): number {
  const parts = /^PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration);
  if (parts === null || duration === 'PT') throw new Error(`"${duration}" is no duration like PT1S.`);
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}
