import { describe, it } from 'vitest';
import { deaths } from './deaths.ts';
import { useDyingPlatform } from './dying.ts';

const dying = useDyingPlatform();
const points = Object.keys(deaths);

describe('kill -9', () => {
  it.each(points)('of Postgres, a process being at %s: every guarantee holds', async (point) => {
    await dying.dieAt(point, 'hold', () => dying.platform().crashDatabase());
  });

  it.each(points)('of everything, a process being at %s: every guarantee holds', async (point) => {
    const { crashDatabase, killAll } = dying.platform();
    await dying.dieAt(point, 'hold', () => crashDatabase(killAll));
  });
});
