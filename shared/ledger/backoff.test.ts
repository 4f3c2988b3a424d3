import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backoff', () => {
  it('doubles from a second to five minutes', () => {
    const longest = [0, 1, 2, 3, 8, 9, 50].map((attempts) => backoffMs({ attempts, random: 1 }));
    expect(longest).toEqual([1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
  });

  it('spreads over the upper half, never outside, and never less than was asked for', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.option(fc.nat(10_000_000), { nil: undefined }),
        (attempts, random, atLeastMs) => {
          const wait = backoffMs({ attempts, random, atLeastMs });
          const ceiling = Math.min(300_000, 1_000 * 2 ** Math.min(attempts, 30));
          expect(wait).toBeGreaterThanOrEqual(Math.max(ceiling / 2, atLeastMs ?? 0));
          expect(wait).toBeLessThanOrEqual(Math.max(ceiling, atLeastMs ?? 0));
          expect(Number.isInteger(wait)).toBe(true);
        },
      ),
    );
    expect(backoffMs({ attempts: 3, random: 0 })).toBeLessThan(backoffMs({ attempts: 3, random: 0.9 }));
  });
});
