import { describe, expect, it } from 'vitest';
import { emittedId, MAX_EMITS, newRunId, runIdFor } from './ids.ts';

const UUID_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{8}0000$/;

describe('ids', () => {
  it('of runs are version 8 uuids with room for ordinals, ordered by time', () => {
    const ids = [1_000, 2_000, 1_800_000_000_000].map((time) => newRunId(new Date(time)));
    for (const id of ids) expect(id).toMatch(UUID_8);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(Array.from({ length: 1_000 }, () => newRunId(new Date(0)))).size).toBe(1_000);
    expect(runIdFor({ owner: 'a', operation: 'b', key: 'c' })).toMatch(UUID_8);
  });

  it('of emitted events are the delivery and the ordinal', () => {
    const delivery = '0193b3f0-0000-8000-a000-000000010000';
    expect(emittedId(delivery, 1)).toBe('0193b3f0-0000-8000-a000-000000010001');
    expect(emittedId(delivery, 255)).toBe('0193b3f0-0000-8000-a000-0000000100ff');
    expect(emittedId(delivery, MAX_EMITS)).toBe('0193b3f0-0000-8000-a000-00000001ffff');
  });

  it.each([0, -1, MAX_EMITS + 1])('refuse the ordinal %d, which would be the id of another', (ordinal) => {
    expect(() => emittedId('0193b3f0-0000-8000-a000-000000010000', ordinal)).toThrow(/65535/);
  });
});
