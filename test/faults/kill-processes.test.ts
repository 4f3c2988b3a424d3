import { describe, expect, it } from 'vitest';
import { deaths } from './deaths.ts';
import { useDyingPlatform } from './dying.ts';
import { pointsInSource } from './platform/points-in-source.ts';
import { elsewhere } from './points-elsewhere.ts';

const dying = useDyingPlatform();
const points = Object.keys(deaths);

describe('every named point', () => {
  it('stands in the code and is reached by a test', async () => {
    const inSource = [...(await pointsInSource()).keys()].sort();
    expect(inSource.length).toBeGreaterThan(30);
    expect([...points, ...elsewhere].sort()).toEqual(inSource);
  });
});

describe('kill -9', () => {
  it.each(points)('of the process that is at %s: every guarantee holds', async (point) => {
    await dying.dieAt(point, 'kill');
  });

  it.each(points)('of every process but the one that is at %s: every guarantee holds', async (point) => {
    await dying.dieAt(point, 'hold', async (others) => {
      await Promise.all(others.map((role) => role.kill()));
    });
  });
});
