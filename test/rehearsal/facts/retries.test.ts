import { describe, expect, it } from 'vitest';
import type { DeliverySpec } from '../data-plane/policy.ts';
import { createWorld, everything, post, type Reaction } from './world.ts';

/** Posts one event to a broker before a subscriber that always does this; answers how often it was asked. */
async function asked(
  reaction: Reaction,
  delivery: DeliverySpec,
): Promise<{ times: number; letters: number; slept: readonly number[] }> {
  const { clock, broker, subscriber } = createWorld();
  const letters = await subscriber();
  const failing = await subscriber(() => reaction);
  const { subscribe, url } = await broker();
  subscribe(everything(failing, { ...delivery, deadLetterSink: { uri: letters.url } }));
  await clock.through(post(url));
  return { times: failing.requests.length, letters: letters.requests.length, slept: clock.slept };
}

describe('a broker', () => {
  it.each<[string, Reaction]>([
    ...[404, 408, 409, 429, 500, 501, 502, 503, 504, 599].map((status): [string, Reaction] => [
      `answered with ${status}`,
      { status },
    ]),
    ['whose connection is reset', 'reset'],
  ])('sends an event again that is %s', async (_, reaction) => {
    expect(await asked(reaction, { retry: 2 })).toMatchObject({ times: 3, letters: 1 });
  });

  it.each([400, 401, 403, 405, 410, 413, 415, 422, 425])(
    'takes %i for the end of it: a dead letter at once',
    async (status) => {
      expect(await asked({ status }, { retry: 2 })).toMatchObject({ times: 1, letters: 1 });
    },
  );

  it.each([
    ['that is refused', 'http://127.0.0.1:1/'],
    ['to a name that nobody knows', 'http://nobody.invalid/'],
  ])('sends an event again %s', async (_, url) => {
    const { clock, broker } = createWorld();
    const { subscribe, url: ingress } = await broker();
    subscribe(everything({ url }, { retry: 2, backoffPolicy: 'linear', backoffDelay: 'PT1S' }));
    expect(await clock.through(post(ingress))).toBe(500);
    expect(clock.slept).toEqual([0, 1_000]);
  });

  it('gives each attempt its own time limit', async () => {
    const { clock, broker, subscriber } = createWorld();
    const slow = await subscriber((_, count) => (count < 3 ? 'hang' : { status: 202 }));
    const { subscribe, url } = await broker();
    const delivery = { retry: 3, timeout: 'PT5S', backoffPolicy: 'linear', backoffDelay: 'PT1S' } as const;
    subscribe(everything(slow, delivery));
    const posted = post(url);
    const asked = async (times: number): Promise<void> => {
      for (; slow.requests.length < times; await clock.advance(0))
        await new Promise((resolve) => setImmediate(resolve));
    };
    await asked(1);
    await clock.advance(5_000);
    // The first retry follows at once.
    await asked(2);
    await clock.advance(5_000);
    await clock.sleeping(1_000);
    await clock.advance(1_000);
    expect(await posted).toBe(202);
    expect(clock.now()).toBe(11_000);
    expect(slow.requests).toHaveLength(3);
  });

  it.each<[string, DeliverySpec | undefined, number[]]>([
    ['linearly: 0, d, 2d', { retry: 3, backoffPolicy: 'linear', backoffDelay: 'PT3S' }, [0, 3_000, 6_000]],
    [
      'exponentially: d, 2d, 4d',
      { retry: 3, backoffPolicy: 'exponential', backoffDelay: 'PT1S' },
      [1_000, 2_000, 4_000],
    ],
    ['not at all without a policy', { retry: 3 }, [0, 0, 0]],
    [
      'ten times from 0.2 s where no delivery is given',
      undefined,
      [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400],
    ],
  ])('waits %s', async (_, delivery, waits) => {
    const { clock, broker, subscriber } = createWorld();
    const { subscribe, url } = await broker();
    subscribe(everything(await subscriber(() => ({ status: 503 })), delivery));
    await clock.through(post(url));
    expect(clock.slept).toEqual(waits);
  });

  it('does not look at Retry-After', async () => {
    const reaction = { status: 429, headers: { 'retry-after': '3600' } };
    const { slept } = await asked(reaction, { retry: 1, backoffPolicy: 'exponential', backoffDelay: 'PT1S' });
    expect(slept).toEqual([1_000]);
  });

  it.each(['1s', 'PT', 'P1D', ''])('has no delay "%s"', (backoffDelay) => {
    expect(() => everything({ url: '' }, { backoffPolicy: 'linear', backoffDelay })).toThrow(/no duration/);
  });
});
